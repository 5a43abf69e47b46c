package main

import (
	"context"
	"fmt"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/customdiff"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/id"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/validation"
)

const volumeLimit = 5 * time.Minute

func volume() *schema.Resource {
	return &schema.Resource{
		CreateContext: createVolume,
		ReadContext:   readVolume,
		UpdateContext: updateVolume,
		DeleteContext: deleteVolume,
		Importer:      importable(),
		CustomizeDiff: customdiff.ValidateChange("size", func(_ context.Context, before, after, _ any) error {
			if after.(int) < before.(int) {
				return fmt.Errorf("volumes `size` can only be expanded and not shrunk")
			}
			return nil
		}),
		Schema: map[string]*schema.Schema{
			"region":                   replaced(&schema.Schema{Type: schema.TypeString, Required: true, StateFunc: lower, ValidateFunc: validation.NoZeroValues}),
			"name":                     replaced(&schema.Schema{Type: schema.TypeString, Required: true, ValidateFunc: validation.NoZeroValues}),
			"size":                     {Type: schema.TypeInt, Required: true, ValidateFunc: validation.IntAtLeast(1)},
			"description":              replaced(&schema.Schema{Type: schema.TypeString, Optional: true}),
			"snapshot_id":              replaced(&schema.Schema{Type: schema.TypeString, Optional: true}),
			"initial_filesystem_type":  replaced(&schema.Schema{Type: schema.TypeString, Optional: true, ValidateFunc: validation.StringInSlice([]string{"ext4", "xfs"}, false)}),
			"initial_filesystem_label": replaced(&schema.Schema{Type: schema.TypeString, Optional: true}),
			"filesystem_type":          {Type: schema.TypeString, Optional: true, Computed: true, ForceNew: true, Deprecated: "initial_filesystem_type is what it is called now", ConflictsWith: []string{"initial_filesystem_type"}},
			"filesystem_label":         computed(schema.TypeString),
			"tags":                     tags(),
			"droplet_ids":              {Type: schema.TypeSet, Computed: true, Elem: &schema.Schema{Type: schema.TypeInt}},
			"urn":                      computed(schema.TypeString),
		},
	}
}

func createVolume(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	filesystem := d.Get("initial_filesystem_type").(string)
	if filesystem == "" {
		filesystem = d.Get("filesystem_type").(string)
	}
	created, _, err := meta.(*godo.Client).Storage.CreateVolume(ctx, &godo.VolumeCreateRequest{
		Region:          lower(d.Get("region")),
		Name:            d.Get("name").(string),
		Description:     d.Get("description").(string),
		SizeGigaBytes:   int64(d.Get("size").(int)),
		SnapshotID:      d.Get("snapshot_id").(string),
		FilesystemType:  filesystem,
		FilesystemLabel: d.Get("initial_filesystem_label").(string),
		Tags:            texts(d.Get("tags")),
	})
	if err != nil {
		return diag.Errorf("Error creating Volume: %s", err)
	}
	d.SetId(created.ID)
	return readVolume(ctx, d, meta)
}

func readVolume(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	found, response, err := meta.(*godo.Client).Storage.GetVolume(ctx, d.Id())
	if missing(response) {
		d.SetId("")
		return nil
	}
	if err != nil {
		return diag.Errorf("Error retrieving volume: %s", err)
	}
	return assign(d, map[string]any{
		"name":             found.Name,
		"region":           found.Region.Slug,
		"size":             int(found.SizeGigaBytes),
		"description":      found.Description,
		"filesystem_type":  found.FilesystemType,
		"filesystem_label": found.FilesystemLabel,
		"droplet_ids":      found.DropletIDs,
		"tags":             found.Tags,
		"urn":              found.URN(),
	})
}

func updateVolume(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	if d.HasChange("size") {
		action, _, err := client.StorageActions.Resize(ctx, d.Id(), d.Get("size").(int), d.Get("region").(string))
		if err := awaitVolume(ctx, client, d.Id(), action, err); err != nil {
			return diag.Errorf("Error resizing volume (%s): %s", d.Id(), err)
		}
	}
	if err := retag(ctx, client, d, godo.VolumeResourceType); err != nil {
		return diag.Errorf("Error updating tags: %s", err)
	}
	return readVolume(ctx, d, meta)
}

// awaitVolume waits for the end of an action that was just asked for.
func awaitVolume(ctx context.Context, client *godo.Client, volume string, action *godo.Action, err error) error {
	if err != nil {
		return err
	}
	return awaitActionOf(ctx, volumeLimit, action.ID, func() (*godo.Action, *godo.Response, error) {
		return client.StorageActions.Get(ctx, volume, action.ID)
	})
}

func deleteVolume(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	if response, err := meta.(*godo.Client).Storage.DeleteVolume(ctx, d.Id()); err != nil && !missing(response) {
		return diag.Errorf("Error deleting volume: %s", err)
	}
	return nil
}

func volumeAttachment() *schema.Resource {
	return &schema.Resource{
		CreateContext: attach,
		ReadContext:   readAttachment,
		DeleteContext: detach,
		Schema: map[string]*schema.Schema{
			"droplet_id": {Type: schema.TypeInt, Required: true, ForceNew: true},
			"volume_id":  {Type: schema.TypeString, Required: true, ForceNew: true, ValidateFunc: validation.NoZeroValues},
		},
	}
}

func attach(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client, volume, droplet := meta.(*godo.Client), d.Get("volume_id").(string), d.Get("droplet_id").(int)
	held, err := attached(ctx, client, volume, droplet)
	if err != nil {
		return diag.Errorf("Error retrieving volume: %s", err)
	}
	if !held {
		action, _, err := client.StorageActions.Attach(ctx, volume, droplet)
		if err := awaitVolume(ctx, client, volume, action, err); err != nil {
			return diag.Errorf("Error attaching volume to droplet: %s", err)
		}
	}
	d.SetId(id.PrefixedUniqueId(fmt.Sprintf("%d-%s-", droplet, volume)))
	return nil
}

// attached tells whether a droplet has a volume. One that is gone is attached to nothing.
func attached(ctx context.Context, client *godo.Client, volume string, droplet int) (bool, error) {
	found, response, err := client.Storage.GetVolume(ctx, volume)
	if missing(response) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, candidate := range found.DropletIDs {
		if candidate == droplet {
			return true, nil
		}
	}
	return false, nil
}

func readAttachment(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	held, err := attached(ctx, meta.(*godo.Client), d.Get("volume_id").(string), d.Get("droplet_id").(int))
	if err != nil {
		return diag.Errorf("Error retrieving volume: %s", err)
	}
	if !held {
		d.SetId("")
	}
	return nil
}

func detach(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client, volume, droplet := meta.(*godo.Client), d.Get("volume_id").(string), d.Get("droplet_id").(int)
	held, err := attached(ctx, client, volume, droplet)
	if err != nil {
		return diag.Errorf("Error retrieving volume: %s", err)
	}
	if !held {
		return nil
	}
	action, _, err := client.StorageActions.DetachByDropletID(ctx, volume, droplet)
	if err := awaitVolume(ctx, client, volume, action, err); err != nil {
		return diag.Errorf("Error detaching volume from droplet: %s", err)
	}
	return nil
}
