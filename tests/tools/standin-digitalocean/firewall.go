package main

import (
	"context"
	"fmt"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/validation"
)

// The two ends that a rule can name, each with its own prefix.
const (
	source      = "source_"
	destination = "destination_"
)

func firewall() *schema.Resource {
	return &schema.Resource{
		CreateContext: createFirewall,
		ReadContext:   readFirewall,
		UpdateContext: updateFirewall,
		DeleteContext: deleteFirewall,
		Importer:      importable(),
		CustomizeDiff: checkFirewall,
		Schema: map[string]*schema.Schema{
			"name":          {Type: schema.TypeString, Required: true, ValidateFunc: validation.NoZeroValues},
			"droplet_ids":   setOf(schema.TypeInt),
			"tags":          tags(),
			"inbound_rule":  firewallRule(source),
			"outbound_rule": firewallRule(destination),
			"status":        computed(schema.TypeString),
			"created_at":    computed(schema.TypeString),
			"pending_changes": {
				Type:     schema.TypeList,
				Computed: true,
				Elem: &schema.Resource{Schema: map[string]*schema.Schema{
					"droplet_id": {Type: schema.TypeInt, Optional: true},
					"removing":   {Type: schema.TypeBool, Optional: true},
					"status":     {Type: schema.TypeString, Optional: true},
				}},
			},
		},
	}
}

func firewallRule(end string) *schema.Schema {
	return &schema.Schema{
		Type:     schema.TypeSet,
		Optional: true,
		Elem: &schema.Resource{Schema: map[string]*schema.Schema{
			"protocol":                 {Type: schema.TypeString, Required: true, ValidateFunc: validation.StringInSlice([]string{"tcp", "udp", "icmp"}, false)},
			"port_range":               {Type: schema.TypeString, Optional: true, ValidateFunc: validation.NoZeroValues},
			end + "addresses":          setOf(schema.TypeString),
			end + "droplet_ids":        setOf(schema.TypeInt),
			end + "load_balancer_uids": setOf(schema.TypeString),
			end + "kubernetes_ids":     setOf(schema.TypeString),
			end + "tags":               tags(),
		}},
	}
}

// checkFirewall refuses at plan time what is certain to fail.
func checkFirewall(_ context.Context, d *schema.ResourceDiff, _ any) error {
	if !d.GetRawConfig().IsWhollyKnown() {
		return nil
	}
	inbound := d.Get("inbound_rule").(*schema.Set).List()
	outbound := d.Get("outbound_rule").(*schema.Set).List()
	if len(inbound)+len(outbound) == 0 {
		return fmt.Errorf("At least one rule must be specified")
	}
	for direction, rules := range map[string][]any{"inbound": inbound, "outbound": outbound} {
		for _, rule := range rules {
			values := rule.(map[string]any)
			if values["protocol"] != "icmp" && values["port_range"] == "" {
				return fmt.Errorf("`port_range` of %s rules is required if protocol is `tcp` or `udp`", direction)
			}
		}
	}
	return nil
}

func firewallRequest(d *schema.ResourceData) *godo.FirewallRequest {
	request := &godo.FirewallRequest{
		Name:       d.Get("name").(string),
		DropletIDs: numbers(d.Get("droplet_ids")),
		Tags:       texts(d.Get("tags")),
	}
	for _, rule := range d.Get("inbound_rule").(*schema.Set).List() {
		values := rule.(map[string]any)
		ends := wantedEnds(values, source)
		request.InboundRules = append(request.InboundRules, godo.InboundRule{
			Protocol: values["protocol"].(string), PortRange: values["port_range"].(string), Sources: &ends,
		})
	}
	for _, rule := range d.Get("outbound_rule").(*schema.Set).List() {
		values := rule.(map[string]any)
		ends := godo.Destinations(wantedEnds(values, destination))
		request.OutboundRules = append(request.OutboundRules, godo.OutboundRule{
			Protocol: values["protocol"].(string), PortRange: values["port_range"].(string), Destinations: &ends,
		})
	}
	return request
}

func wantedEnds(values map[string]any, end string) godo.Sources {
	return godo.Sources{
		Addresses:        texts(values[end+"addresses"]),
		DropletIDs:       numbers(values[end+"droplet_ids"]),
		LoadBalancerUIDs: texts(values[end+"load_balancer_uids"]),
		KubernetesIDs:    texts(values[end+"kubernetes_ids"]),
		Tags:             texts(values[end+"tags"]),
	}
}

func createFirewall(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	created, _, err := meta.(*godo.Client).Firewalls.Create(ctx, firewallRequest(d))
	if err != nil {
		return diag.Errorf("Error creating firewall: %s", err)
	}
	d.SetId(created.ID)
	return readFirewall(ctx, d, meta)
}

func readFirewall(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	found, response, err := meta.(*godo.Client).Firewalls.Get(ctx, d.Id())
	if missing(response) {
		d.SetId("")
		return nil
	}
	if err != nil {
		return diag.Errorf("Error retrieving firewall: %s", err)
	}
	var inbound, outbound, pending []any
	for _, rule := range found.InboundRules {
		inbound = append(inbound, foundRule(rule.Protocol, rule.PortRange, rule.Sources, source))
	}
	for _, rule := range found.OutboundRules {
		outbound = append(outbound, foundRule(rule.Protocol, rule.PortRange, (*godo.Sources)(rule.Destinations), destination))
	}
	for _, item := range found.PendingChanges {
		pending = append(pending, map[string]any{
			"droplet_id": item.DropletID, "removing": item.Removing, "status": item.Status,
		})
	}
	return assign(d, map[string]any{
		"name":            found.Name,
		"status":          found.Status,
		"created_at":      found.Created,
		"pending_changes": pending,
		"droplet_ids":     found.DropletIDs,
		"tags":            found.Tags,
		"inbound_rule":    inbound,
		"outbound_rule":   outbound,
	})
}

// foundRule reads a rule as it would be written: the API keeps "all" as "0", and names it for icmp,
// which has no ports.
func foundRule(protocol, ports string, ends *godo.Sources, end string) map[string]any {
	if ports == "0" {
		ports = "all"
	}
	if protocol == "icmp" {
		ports = ""
	}
	rule := map[string]any{"protocol": protocol, "port_range": ports}
	if ends != nil {
		rule[end+"addresses"] = ends.Addresses
		rule[end+"droplet_ids"] = ends.DropletIDs
		rule[end+"load_balancer_uids"] = ends.LoadBalancerUIDs
		rule[end+"kubernetes_ids"] = ends.KubernetesIDs
		rule[end+"tags"] = ends.Tags
	}
	return withSets(rule)
}

// withSets turns the lists of a rule into what a set of blocks can hold.
func withSets(rule map[string]any) map[string]any {
	for name, value := range rule {
		var items []any
		switch values := value.(type) {
		case []string:
			for _, item := range values {
				items = append(items, item)
			}
			rule[name] = schema.NewSet(schema.HashString, items)
		case []int:
			for _, item := range values {
				items = append(items, item)
			}
			rule[name] = schema.NewSet(schema.HashInt, items)
		}
	}
	return rule
}

func updateFirewall(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	if _, _, err := meta.(*godo.Client).Firewalls.Update(ctx, d.Id(), firewallRequest(d)); err != nil {
		return diag.Errorf("Error updating firewall: %s", err)
	}
	return readFirewall(ctx, d, meta)
}

func deleteFirewall(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	if response, err := meta.(*godo.Client).Firewalls.Delete(ctx, d.Id()); err != nil && !missing(response) {
		return diag.Errorf("Error deleting firewall: %s", err)
	}
	return nil
}
