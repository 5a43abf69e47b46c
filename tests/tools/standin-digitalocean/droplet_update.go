package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// change is an update of one droplet in the making.
type change struct {
	*schema.ResourceData
	client *godo.Client
	id     int
	limit  time.Duration
}

func updateDroplet(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	id, err := number(d.Id())
	if err != nil {
		return diag.Errorf("invalid droplet id: %s", err)
	}
	c := &change{ResourceData: d, client: meta.(*godo.Client), id: id, limit: d.Timeout(schema.TimeoutUpdate)}
	var warnings diag.Diagnostics
	for _, step := range []func(context.Context) error{
		c.resize, c.rename, c.backups, c.network, c.retag, c.volumes,
	} {
		if err := step(ctx); err != nil {
			return append(warnings, diag.Errorf("Error updating droplet (%s): %s", d.Id(), err)...)
		}
	}
	if d.HasChange("ipv6") {
		warnings = append(warnings, diag.Diagnostic{
			Severity: diag.Warning,
			Summary:  "Enabling IPv6 requires additional OS-level configuration",
			Detail:   "The droplet has an IPv6 address now; its operating system still has to use it.",
		})
	}
	return append(warnings, readDroplet(ctx, d, meta)...)
}

// done waits for the end of an action that was just asked for.
func (c *change) done(ctx context.Context, action *godo.Action, err error) error {
	if err != nil {
		return err
	}
	return awaitAction(ctx, c.client, c.limit, action.ID)
}

// resize needs the droplet to be off. When the size is refused, it is switched on again.
func (c *change) resize(ctx context.Context) error {
	disk := c.Get("resize_disk").(bool)
	if !c.HasChange("size") && !(c.HasChange("resize_disk") && disk) {
		return nil
	}
	if _, _, err := c.client.DropletActions.PowerOff(ctx, c.id); err != nil && !strings.Contains(err.Error(), "already powered off") {
		return err
	}
	if err := awaitStatus(ctx, c.client, c.limit, c.id, "off"); err != nil {
		return err
	}
	action, _, err := c.client.DropletActions.Resize(ctx, c.id, lower(c.Get("size")), disk)
	if failure := c.done(ctx, action, err); failure != nil {
		if _, _, err := c.client.DropletActions.PowerOn(ctx, c.id); err != nil {
			return &both{first: failure, second: err}
		}
		return failure
	}
	if _, _, err := c.client.DropletActions.PowerOn(ctx, c.id); err != nil {
		return err
	}
	return awaitStatus(ctx, c.client, c.limit, c.id, "active")
}

type both struct{ first, second error }

func (b *both) Error() string {
	return b.first.Error() + "; the droplet is off, and switching it on failed: " + b.second.Error()
}

func (c *change) rename(ctx context.Context) error {
	if !c.HasChange("name") {
		return nil
	}
	action, _, err := c.client.DropletActions.Rename(ctx, c.id, c.Get("name").(string))
	return c.done(ctx, action, err)
}

func (c *change) backups(ctx context.Context) error {
	wanted := policy(c.ResourceData)
	var action *godo.Action
	var err error
	switch {
	case c.HasChange("backups") && !c.Get("backups").(bool):
		action, _, err = c.client.DropletActions.DisableBackups(ctx, c.id)
	case c.HasChange("backups") && wanted != nil:
		action, _, err = c.client.DropletActions.EnableBackupsWithPolicy(ctx, c.id, wanted)
	case c.HasChange("backups"):
		action, _, err = c.client.DropletActions.EnableBackups(ctx, c.id)
	case c.HasChange("backup_policy") && wanted != nil:
		action, _, err = c.client.DropletActions.ChangeBackupPolicy(ctx, c.id, wanted)
	default:
		return nil
	}
	return c.done(ctx, action, err)
}

func (c *change) network(ctx context.Context) error {
	if c.HasChange("private_networking") && c.Get("private_networking").(bool) {
		action, _, err := c.client.DropletActions.EnablePrivateNetworking(ctx, c.id)
		if err := c.done(ctx, action, err); err != nil {
			return err
		}
	}
	if c.HasChange("ipv6") && c.Get("ipv6").(bool) {
		action, _, err := c.client.DropletActions.EnableIPv6(ctx, c.id)
		return c.done(ctx, action, err)
	}
	return nil
}

func (c *change) retag(ctx context.Context) error {
	return retag(ctx, c.client, c.ResourceData, godo.DropletResourceType)
}

// retag takes the tags off a resource that are not wanted any more and adds those that are new,
// which have to exist before they can be given to anything.
func retag(ctx context.Context, client *godo.Client, d *schema.ResourceData, kind godo.ResourceType) error {
	removed, added := difference(d, "tags")
	resources := []godo.Resource{{ID: d.Id(), Type: kind}}
	for _, name := range removed {
		if _, err := client.Tags.UntagResources(ctx, name, &godo.UntagResourcesRequest{Resources: resources}); err != nil {
			return err
		}
	}
	for _, name := range added {
		if _, _, err := client.Tags.Create(ctx, &godo.TagCreateRequest{Name: name}); err != nil {
			return err
		}
		if _, err := client.Tags.TagResources(ctx, name, &godo.TagResourcesRequest{Resources: resources}); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) volumes(ctx context.Context) error {
	removed, added := difference(c.ResourceData, "volume_ids")
	for _, volume := range removed {
		action, _, err := c.client.StorageActions.DetachByDropletID(ctx, volume, c.id)
		if err := c.done(ctx, action, err); err != nil {
			return err
		}
	}
	for _, volume := range added {
		action, _, err := c.client.StorageActions.Attach(ctx, volume, c.id)
		if err := c.done(ctx, action, err); err != nil {
			return err
		}
	}
	return nil
}

// difference is what a set of names lost and gained.
func difference(d *schema.ResourceData, name string) (removed, added []string) {
	before, after := d.GetChange(name)
	return texts(before.(*schema.Set).Difference(after.(*schema.Set))),
		texts(after.(*schema.Set).Difference(before.(*schema.Set)))
}

func idOf(number int) string { return strconv.Itoa(number) }
