package main

import (
	"context"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/validation"
)

func tag() *schema.Resource {
	return &schema.Resource{
		CreateContext: createTag,
		ReadContext:   readTag,
		DeleteContext: deleteTag,
		Importer:      importable(),
		Schema: map[string]*schema.Schema{
			"name": {
				Type:         schema.TypeString,
				Required:     true,
				ForceNew:     true,
				ValidateFunc: validation.StringMatch(tagPattern, "a tag is up to 255 letters, digits, :, - and _"),
			},
			"total_resource_count":   computed(schema.TypeInt),
			"droplets_count":         computed(schema.TypeInt),
			"images_count":           computed(schema.TypeInt),
			"volumes_count":          computed(schema.TypeInt),
			"volume_snapshots_count": computed(schema.TypeInt),
			"databases_count":        computed(schema.TypeInt),
		},
	}
}

func createTag(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	created, _, err := meta.(*godo.Client).Tags.Create(ctx, &godo.TagCreateRequest{Name: d.Get("name").(string)})
	if err != nil {
		return diag.Errorf("Error creating tag: %s", err)
	}
	d.SetId(created.Name)
	return readTag(ctx, d, meta)
}

func readTag(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	found, response, err := meta.(*godo.Client).Tags.Get(ctx, d.Id())
	if missing(response) {
		d.SetId("")
		return nil
	}
	if err != nil {
		return diag.Errorf("Error retrieving tag: %s", err)
	}
	values := map[string]any{"name": found.Name}
	if held := found.Resources; held != nil {
		values["total_resource_count"] = held.Count
		if held.Droplets != nil {
			values["droplets_count"] = held.Droplets.Count
		}
		if held.Images != nil {
			values["images_count"] = held.Images.Count
		}
		if held.Volumes != nil {
			values["volumes_count"] = held.Volumes.Count
		}
		if held.VolumeSnapshots != nil {
			values["volume_snapshots_count"] = held.VolumeSnapshots.Count
		}
		if held.Databases != nil {
			values["databases_count"] = held.Databases.Count
		}
	}
	return assign(d, values)
}

func deleteTag(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	if response, err := meta.(*godo.Client).Tags.Delete(ctx, d.Id()); err != nil && !missing(response) {
		return diag.Errorf("Error deleting tag: %s", err)
	}
	return nil
}
