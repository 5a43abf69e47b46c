package main

import (
	"context"
	"fmt"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/id"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/validation"
	"strings"
)

const assignmentLimit = 5 * time.Minute

func reservedIP() *schema.Resource {
	return &schema.Resource{
		CreateContext: createReservedIP,
		ReadContext:   readReservedIP,
		UpdateContext: updateReservedIP,
		DeleteContext: deleteReservedIP,
		Importer:      importable(),
		Schema: map[string]*schema.Schema{
			"region":     replaced(&schema.Schema{Type: schema.TypeString, Required: true, StateFunc: lower, ValidateFunc: validation.NoZeroValues}),
			"ip_address": {Type: schema.TypeString, Optional: true, Computed: true, ValidateFunc: validation.IsIPv4Address},
			"droplet_id": {Type: schema.TypeInt, Optional: true},
			"urn":        computed(schema.TypeString),
		},
	}
}

func createReservedIP(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	created, _, err := client.ReservedIPs.Create(ctx, &godo.ReservedIPCreateRequest{Region: lower(d.Get("region"))})
	if err != nil {
		return diag.Errorf("Error creating reserved IP: %s", err)
	}
	d.SetId(created.IP)
	if droplet, ok := d.GetOk("droplet_id"); ok {
		if err := reserve(ctx, client, created.IP, droplet.(int)); err != nil {
			return diag.Errorf("Error assigning reserved IP (%s) to the droplet: %s", d.Id(), err)
		}
	}
	return readReservedIP(ctx, d, meta)
}

// reserve points a reserved IP at a droplet, or at none when that is zero.
func reserve(ctx context.Context, client *godo.Client, ip string, droplet int) error {
	var action *godo.Action
	var err error
	if droplet == 0 {
		action, _, err = client.ReservedIPActions.Unassign(ctx, ip)
	} else {
		action, _, err = client.ReservedIPActions.Assign(ctx, ip, droplet)
	}
	if err != nil {
		return err
	}
	return awaitActionOf(ctx, assignmentLimit, action.ID, func() (*godo.Action, *godo.Response, error) {
		return client.ReservedIPActions.Get(ctx, ip, action.ID)
	})
}

// readReservedIP follows the droplet only where this resource assigned it.
func readReservedIP(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	found, response, err := meta.(*godo.Client).ReservedIPs.Get(ctx, d.Id())
	if missing(response) {
		d.SetId("")
		return nil
	}
	if err != nil {
		return diag.Errorf("Error retrieving reserved IP: %s", err)
	}
	values := map[string]any{"region": found.Region.Slug, "ip_address": found.IP, "urn": found.URN()}
	if _, ok := d.GetOk("droplet_id"); ok {
		values["droplet_id"] = 0
		if found.Droplet != nil {
			values["droplet_id"] = found.Droplet.ID
		}
	}
	return assign(d, values)
}

func updateReservedIP(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	if d.HasChange("droplet_id") {
		if err := reserve(ctx, meta.(*godo.Client), d.Id(), d.Get("droplet_id").(int)); err != nil {
			return diag.Errorf("Error assigning reserved IP (%s): %s", d.Id(), err)
		}
	}
	return readReservedIP(ctx, d, meta)
}

func deleteReservedIP(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	if _, ok := d.GetOk("droplet_id"); ok {
		if err := release(ctx, client, d.Id(), d.Get("droplet_id").(int)); err != nil {
			return diag.Errorf("Error unassigning reserved IP: %s", err)
		}
	}
	if response, err := client.ReservedIPs.Delete(ctx, d.Id()); err != nil && !missing(response) {
		return diag.Errorf("Error deleting reserved IP: %s", err)
	}
	return nil
}

// release takes a reserved IP off a droplet that still has it.
func release(ctx context.Context, client *godo.Client, ip string, droplet int) error {
	found, response, err := client.ReservedIPs.Get(ctx, ip)
	if missing(response) {
		return nil
	}
	if err != nil {
		return err
	}
	if found.Droplet == nil || found.Droplet.ID != droplet {
		return nil
	}
	return reserve(ctx, client, ip, 0)
}

func reservedIPAssignment() *schema.Resource {
	return &schema.Resource{
		CreateContext: createAssignment,
		ReadContext:   readAssignment,
		DeleteContext: deleteAssignment,
		Importer:      &schema.ResourceImporter{StateContext: importAssignment},
		Schema: map[string]*schema.Schema{
			"ip_address": {Type: schema.TypeString, Required: true, ForceNew: true, ValidateFunc: validation.IsIPv4Address},
			"droplet_id": {Type: schema.TypeInt, Required: true, ForceNew: true},
		},
	}
}

func createAssignment(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	ip, droplet := d.Get("ip_address").(string), d.Get("droplet_id").(int)
	if err := reserve(ctx, meta.(*godo.Client), ip, droplet); err != nil {
		return diag.Errorf("Error assigning reserved IP (%s) to the droplet: %s", ip, err)
	}
	d.SetId(id.PrefixedUniqueId(fmt.Sprintf("%d-%s-", droplet, ip)))
	return readAssignment(ctx, d, meta)
}

func readAssignment(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	found, response, err := meta.(*godo.Client).ReservedIPs.Get(ctx, d.Get("ip_address").(string))
	if missing(response) {
		d.SetId("")
		return nil
	}
	if err != nil {
		return diag.Errorf("Error retrieving reserved IP: %s", err)
	}
	if found.Droplet == nil || found.Droplet.ID != d.Get("droplet_id").(int) {
		d.SetId("")
	}
	return nil
}

func deleteAssignment(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	ip, droplet := d.Get("ip_address").(string), d.Get("droplet_id").(int)
	if err := release(ctx, meta.(*godo.Client), ip, droplet); err != nil {
		return diag.Errorf("Error unassigning reserved IP (%s) from the droplet: %s", ip, err)
	}
	return nil
}

func importAssignment(_ context.Context, d *schema.ResourceData, _ any) ([]*schema.ResourceData, error) {
	ip, droplet, ok := strings.Cut(d.Id(), ",")
	identifier, err := number(droplet)
	if !ok || err != nil {
		return nil, fmt.Errorf("must use the reserved IP and the id of the droplet joined by a comma (e.g. `ip_address,droplet_id`)")
	}
	d.SetId(id.PrefixedUniqueId(fmt.Sprintf("%d-%s-", identifier, ip)))
	if err := d.Set("ip_address", ip); err != nil {
		return nil, err
	}
	return []*schema.ResourceData{d}, d.Set("droplet_id", identifier)
}
