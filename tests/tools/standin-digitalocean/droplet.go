package main

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/customdiff"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/validation"
)

func droplet() *schema.Resource {
	return &schema.Resource{
		SchemaVersion: 1,
		CreateContext: createDroplet,
		ReadContext:   readDroplet,
		UpdateContext: updateDroplet,
		DeleteContext: deleteDroplet,
		Importer:      &schema.ResourceImporter{StateContext: importDroplet},
		Timeouts: &schema.ResourceTimeout{
			Create: schema.DefaultTimeout(60 * time.Minute),
			Update: schema.DefaultTimeout(60 * time.Minute),
			Delete: schema.DefaultTimeout(60 * time.Second),
		},
		CustomizeDiff: customdiff.All(
			// IPv6 can be added to a droplet and never be taken away.
			customdiff.ForceNewIfChange("ipv6", func(_ context.Context, before, after, _ any) bool {
				return before.(bool) && !after.(bool)
			}),
			// A record that takes the address has to see it as unknown while it is being added.
			customdiff.ComputedIf("ipv6_address", func(_ context.Context, d *schema.ResourceDiff, _ any) bool {
				return d.Id() != "" && d.HasChange("ipv6") && d.Get("ipv6").(bool)
			}),
		),
		Schema: map[string]*schema.Schema{
			"image":                replaced(&schema.Schema{Type: schema.TypeString, Required: true, ValidateFunc: validation.NoZeroValues}),
			"name":                 {Type: schema.TypeString, Required: true, ValidateFunc: validation.NoZeroValues},
			"region":               replaced(&schema.Schema{Type: schema.TypeString, Optional: true, Computed: true, StateFunc: lower}),
			"size":                 {Type: schema.TypeString, Required: true, StateFunc: lower, ValidateFunc: validation.NoZeroValues},
			"resize_disk":          {Type: schema.TypeBool, Optional: true, Default: true},
			"graceful_shutdown":    {Type: schema.TypeBool, Optional: true, Default: false},
			"ssh_keys":             replaced(setOf(schema.TypeString)),
			"user_data":            replaced(&schema.Schema{Type: schema.TypeString, Optional: true, StateFunc: digest}),
			"monitoring":           replaced(&schema.Schema{Type: schema.TypeBool, Optional: true, Default: false}),
			"droplet_agent":        replaced(&schema.Schema{Type: schema.TypeBool, Optional: true}),
			"gpu_partition_mode":   replaced(&schema.Schema{Type: schema.TypeString, Optional: true}),
			"vpc_uuid":             replaced(&schema.Schema{Type: schema.TypeString, Optional: true, Computed: true}),
			"public_networking":    replaced(&schema.Schema{Type: schema.TypeBool, Optional: true, Computed: true}),
			"ipv6":                 {Type: schema.TypeBool, Optional: true, Default: false},
			"backups":              {Type: schema.TypeBool, Optional: true, Default: false},
			"backup_policy":        backupPolicy(),
			"private_networking":   {Type: schema.TypeBool, Optional: true, Computed: true, Deprecated: "a droplet is always in a VPC"},
			"tags":                 tags(),
			"volume_ids":           {Type: schema.TypeSet, Optional: true, Computed: true, Elem: &schema.Schema{Type: schema.TypeString}},
			"ipv6_address":         {Type: schema.TypeString, Optional: true, Computed: true, StateFunc: lower},
			"ipv4_address":         computed(schema.TypeString),
			"ipv4_address_private": computed(schema.TypeString),
			"urn":                  computed(schema.TypeString),
			"status":               computed(schema.TypeString),
			"locked":               computed(schema.TypeBool),
			"disk":                 computed(schema.TypeInt),
			"memory":               computed(schema.TypeInt),
			"vcpus":                computed(schema.TypeInt),
			"price_hourly":         computed(schema.TypeFloat),
			"price_monthly":        computed(schema.TypeFloat),
			"created_at":           computed(schema.TypeString),
		},
	}
}

func replaced(s *schema.Schema) *schema.Schema {
	s.ForceNew = true
	return s
}

func lower(value any) string { return strings.ToLower(value.(string)) }

func digest(value any) string {
	sum := sha1.Sum([]byte(value.(string)))
	return hex.EncodeToString(sum[:])
}

var tagPattern = regexp.MustCompile(`^[a-zA-Z0-9:_-]{1,255}$`)

func tags() *schema.Schema {
	return &schema.Schema{
		Type:     schema.TypeSet,
		Optional: true,
		Elem: &schema.Schema{
			Type:         schema.TypeString,
			ValidateFunc: validation.StringMatch(tagPattern, "a tag is up to 255 letters, digits, :, - and _"),
		},
		Set: func(value any) int { return schema.HashString(lower(value)) },
	}
}

func backupPolicy() *schema.Schema {
	return &schema.Schema{
		Type:         schema.TypeList,
		Optional:     true,
		MaxItems:     1,
		RequiredWith: []string{"backups"},
		Elem: &schema.Resource{Schema: map[string]*schema.Schema{
			"plan":    {Type: schema.TypeString, Optional: true, ValidateFunc: validation.StringInSlice([]string{"daily", "weekly"}, false)},
			"weekday": {Type: schema.TypeString, Optional: true, ValidateFunc: validation.StringInSlice([]string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}, false)},
			"hour":    {Type: schema.TypeInt, Optional: true, ValidateFunc: validation.IntInSlice([]int{0, 4, 8, 12, 16, 20})},
		}},
	}
}

// policy is the backup policy that is wanted, or nil.
func policy(d *schema.ResourceData) *godo.DropletBackupPolicyRequest {
	blocks := d.Get("backup_policy").([]any)
	if len(blocks) == 0 || blocks[0] == nil {
		return nil
	}
	block := blocks[0].(map[string]any)
	return &godo.DropletBackupPolicyRequest{
		Plan:    block["plan"].(string),
		Weekday: block["weekday"].(string),
		Hour:    godo.PtrTo(block["hour"].(int)),
	}
}

func createDroplet(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	request := &godo.DropletCreateRequest{
		Name:              d.Get("name").(string),
		Region:            lower(d.Get("region")),
		Size:              lower(d.Get("size")),
		Image:             wantedImage(d.Get("image").(string)),
		SSHKeys:           wantedKeys(d.Get("ssh_keys")),
		Backups:           d.Get("backups").(bool),
		BackupPolicy:      policy(d),
		IPv6:              d.Get("ipv6").(bool),
		PrivateNetworking: d.Get("private_networking").(bool),
		Monitoring:        d.Get("monitoring").(bool),
		UserData:          d.Get("user_data").(string),
		Tags:              texts(d.Get("tags")),
		VPCUUID:           d.Get("vpc_uuid").(string),
		GPUPartitionMode:  d.Get("gpu_partition_mode").(string),
		// Left out of the request where the configuration does not say.
		WithDropletAgent: stated(d, "droplet_agent"),
		PublicNetworking: stated(d, "public_networking"),
	}
	for _, id := range texts(d.Get("volume_ids")) {
		request.Volumes = append(request.Volumes, godo.DropletCreateVolume{ID: id})
	}
	created, _, err := client.Droplets.Create(ctx, request)
	if err != nil {
		return diag.Errorf("Error creating droplet: %s", err)
	}
	d.SetId(strconv.Itoa(created.ID))
	if err := awaitStatus(ctx, client, d.Timeout(schema.TimeoutCreate), created.ID, "active"); err != nil {
		return diag.Errorf("Error waiting for droplet (%s) to become ready: %s", d.Id(), err)
	}
	return readDroplet(ctx, d, meta)
}

// stated is the value of an attribute, or nil when the configuration leaves it out.
func stated(d *schema.ResourceData, name string) *bool {
	value := d.GetRawConfig().GetAttr(name)
	if value.IsNull() || !value.IsKnown() {
		return nil
	}
	return godo.PtrTo(value.True())
}

func wantedImage(image string) godo.DropletCreateImage {
	if id, err := strconv.Atoi(image); err == nil {
		return godo.DropletCreateImage{ID: id}
	}
	return godo.DropletCreateImage{Slug: image}
}

func wantedKeys(set any) []godo.DropletCreateSSHKey {
	keys := []godo.DropletCreateSSHKey{}
	for _, key := range texts(set) {
		if id, err := strconv.Atoi(key); err == nil {
			keys = append(keys, godo.DropletCreateSSHKey{ID: id})
		} else {
			keys = append(keys, godo.DropletCreateSSHKey{Fingerprint: key})
		}
	}
	return keys
}

func awaitStatus(ctx context.Context, client *godo.Client, limit time.Duration, id int, status string) error {
	return await(ctx, limit, "droplet "+strconv.Itoa(id)+" to be "+status, func() (bool, error) {
		found, _, err := client.Droplets.Get(ctx, id)
		return err == nil && found.Status == status, err
	})
}

func readDroplet(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	id, err := number(d.Id())
	if err != nil {
		return diag.Errorf("invalid droplet id: %s", err)
	}
	found, response, err := client.Droplets.Get(ctx, id)
	if missing(response) {
		d.SetId("")
		return nil
	}
	if err != nil {
		return diag.Errorf("Error retrieving droplet: %s", err)
	}
	return rememberDroplet(d, found)
}

// rememberDroplet leaves image, ssh_keys, user_data and droplet_agent as they are: what the API
// says of them later would replace the droplet.
func rememberDroplet(d *schema.ResourceData, found *godo.Droplet) diag.Diagnostics {
	public, err := found.PublicIPv4()
	if err != nil {
		return diag.FromErr(err)
	}
	private, _ := found.PrivateIPv4()
	sixth, _ := found.PublicIPv6()
	if public != "" {
		d.SetConnInfo(map[string]string{"type": "ssh", "host": public})
	}
	return assign(d, map[string]any{
		"name":                 found.Name,
		"region":               found.Region.Slug,
		"size":                 found.Size.Slug,
		"price_hourly":         found.Size.PriceHourly,
		"price_monthly":        found.Size.PriceMonthly,
		"disk":                 found.Disk,
		"vcpus":                found.Vcpus,
		"memory":               found.Memory,
		"status":               found.Status,
		"locked":               found.Locked,
		"created_at":           found.Created,
		"vpc_uuid":             found.VPCUUID,
		"urn":                  found.URN(),
		"ipv4_address":         public,
		"ipv4_address_private": private,
		"ipv6_address":         strings.ToLower(sixth),
		"public_networking":    public != "",
		"ipv6":                 slices.Contains(found.Features, "ipv6"),
		"backups":              slices.Contains(found.Features, "backups"),
		"monitoring":           slices.Contains(found.Features, "monitoring"),
		"private_networking":   slices.Contains(found.Features, "private_networking"),
		"tags":                 found.Tags,
		"volume_ids":           found.VolumeIDs,
	})
}

func importDroplet(ctx context.Context, d *schema.ResourceData, meta any) ([]*schema.ResourceData, error) {
	id, err := number(d.Id())
	if err != nil {
		return nil, err
	}
	found, _, err := meta.(*godo.Client).Droplets.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	image := found.Image.Slug
	if image == "" {
		image = strconv.Itoa(found.Image.ID)
	}
	for name, value := range map[string]any{"image": image, "resize_disk": true, "graceful_shutdown": false} {
		if err := d.Set(name, value); err != nil {
			return nil, err
		}
	}
	return []*schema.ResourceData{d}, nil
}

func deleteDroplet(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client, limit := meta.(*godo.Client), d.Timeout(schema.TimeoutDelete)
	id, err := number(d.Id())
	if err != nil {
		return diag.Errorf("invalid droplet id: %s", err)
	}
	gone := false
	err = await(ctx, limit, "droplet "+d.Id()+" to be unlocked", func() (bool, error) {
		found, response, err := client.Droplets.Get(ctx, id)
		if gone = missing(response); gone {
			return true, nil
		}
		return err == nil && !found.Locked, err
	})
	if gone {
		return nil
	}
	if err != nil {
		return diag.Errorf("Error waiting for droplet to be unlocked for destroy (%s): %s", d.Id(), err)
	}
	if d.Get("graceful_shutdown").(bool) {
		if _, _, err := client.DropletActions.Shutdown(ctx, id); err != nil {
			return diag.Errorf("Error shutting down the droplet (%s): %s", d.Id(), err)
		}
		if err := awaitStatus(ctx, client, limit, id, "off"); err != nil {
			return diag.Errorf("Error waiting for droplet (%s) to shut down: %s", d.Id(), err)
		}
	}
	if response, err := client.Droplets.Delete(ctx, id); err != nil && !missing(response) {
		return diag.Errorf("Error deleting droplet: %s", err)
	}
	err = await(ctx, limit, "droplet "+d.Id()+" to be gone", func() (bool, error) {
		_, response, err := client.Droplets.Get(ctx, id)
		if missing(response) {
			return true, nil
		}
		return false, err
	})
	if err != nil {
		return diag.Errorf("Error waiting for droplet (%s) to be destroyed: %s", d.Id(), err)
	}
	return nil
}
