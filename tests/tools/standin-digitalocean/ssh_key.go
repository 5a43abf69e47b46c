package main

import (
	"context"
	"strings"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/validation"
)

func sshKey() *schema.Resource {
	return &schema.Resource{
		CreateContext: createKey,
		ReadContext:   readKey,
		UpdateContext: updateKey,
		DeleteContext: deleteKey,
		Importer:      importable(),
		Timeouts:      &schema.ResourceTimeout{Create: schema.DefaultTimeout(60 * time.Second)},
		Schema: map[string]*schema.Schema{
			"name": {Type: schema.TypeString, Required: true, ValidateFunc: validation.NoZeroValues},
			// A comment is part of the key: only the white space around it does not count.
			"public_key": {
				Type:     schema.TypeString,
				Required: true,
				ForceNew: true,
				DiffSuppressFunc: func(_, before, after string, _ *schema.ResourceData) bool {
					return strings.TrimSpace(before) == strings.TrimSpace(after)
				},
				ValidateFunc: validation.NoZeroValues,
			},
			"fingerprint": computed(schema.TypeString),
		},
	}
}

func createKey(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	created, _, err := meta.(*godo.Client).Keys.Create(ctx, &godo.KeyCreateRequest{
		Name:      d.Get("name").(string),
		PublicKey: d.Get("public_key").(string),
	})
	if err != nil {
		return diag.Errorf("Error creating SSH Key: %s", err)
	}
	d.SetId(idOf(created.ID))
	return readKey(ctx, d, meta)
}

func readKey(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	id, err := number(d.Id())
	if err != nil {
		return diag.Errorf("invalid SSH key id: %s", err)
	}
	found, response, err := meta.(*godo.Client).Keys.GetByID(ctx, id)
	if missing(response) {
		d.SetId("")
		return nil
	}
	if err != nil {
		return diag.Errorf("Error retrieving SSH key: %s", err)
	}
	return assign(d, map[string]any{
		"name": found.Name, "fingerprint": found.Fingerprint, "public_key": found.PublicKey,
	})
}

func updateKey(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	id, err := number(d.Id())
	if err != nil {
		return diag.Errorf("invalid SSH key id: %s", err)
	}
	request := &godo.KeyUpdateRequest{Name: d.Get("name").(string)}
	if _, _, err := meta.(*godo.Client).Keys.UpdateByID(ctx, id, request); err != nil {
		return diag.Errorf("Failed to update SSH key: %s", err)
	}
	return readKey(ctx, d, meta)
}

func deleteKey(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	id, err := number(d.Id())
	if err != nil {
		return diag.Errorf("invalid SSH key id: %s", err)
	}
	if response, err := meta.(*godo.Client).Keys.DeleteByID(ctx, id); err != nil && !missing(response) {
		return diag.Errorf("Error deleting SSH key: %s", err)
	}
	return nil
}

func sshKeyData() *schema.Resource {
	return &schema.Resource{
		ReadContext: findKey,
		Schema: map[string]*schema.Schema{
			"name":        {Type: schema.TypeString, Required: true, ValidateFunc: validation.NoZeroValues},
			"id":          computed(schema.TypeInt),
			"public_key":  computed(schema.TypeString),
			"fingerprint": computed(schema.TypeString),
		},
	}
}

// findKey goes by the exact name.
func findKey(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	name := d.Get("name").(string)
	keys, err := collect(func(options *godo.ListOptions) ([]godo.Key, *godo.Response, error) {
		return meta.(*godo.Client).Keys.List(ctx, options)
	})
	if err != nil {
		return diag.Errorf("Error retrieving SSH keys: %s", err)
	}
	for _, key := range keys {
		if key.Name == name {
			d.SetId(idOf(key.ID))
			return assign(d, map[string]any{
				"id": key.ID, "name": key.Name, "public_key": key.PublicKey, "fingerprint": key.Fingerprint,
			})
		}
	}
	return diag.Errorf("no ssh key found with name %s", name)
}
