package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/validation"
)

func project() *schema.Resource {
	return &schema.Resource{
		CreateContext: createProject,
		ReadContext:   readProject,
		UpdateContext: updateProject,
		DeleteContext: deleteProject,
		Importer:      importable(),
		Timeouts:      &schema.ResourceTimeout{Delete: schema.DefaultTimeout(3 * time.Minute)},
		Schema: map[string]*schema.Schema{
			"name":        {Type: schema.TypeString, Required: true, ValidateFunc: validation.StringLenBetween(1, 175)},
			"description": {Type: schema.TypeString, Optional: true, ValidateFunc: validation.StringLenBetween(0, 255)},
			"purpose":     {Type: schema.TypeString, Optional: true, Default: "Web Application", ValidateFunc: validation.StringLenBetween(0, 255)},
			"environment": {
				Type:         schema.TypeString,
				Optional:     true,
				ValidateFunc: validation.StringInSlice([]string{"development", "staging", "production"}, true),
				DiffSuppressFunc: func(_, before, after string, _ *schema.ResourceData) bool {
					return strings.EqualFold(before, after)
				},
			},
			"is_default": {Type: schema.TypeBool, Optional: true, Default: false},
			"resources":  {Type: schema.TypeSet, Optional: true, Computed: true, Elem: &schema.Schema{Type: schema.TypeString}},
			"owner_uuid": computed(schema.TypeString),
			"owner_id":   computed(schema.TypeInt),
			"created_at": computed(schema.TypeString),
			"updated_at": computed(schema.TypeString),
		},
	}
}

func createProject(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	created, _, err := client.Projects.Create(ctx, &godo.CreateProjectRequest{
		Name:        d.Get("name").(string),
		Description: d.Get("description").(string),
		Purpose:     d.Get("purpose").(string),
		Environment: d.Get("environment").(string),
	})
	if err != nil {
		return diag.Errorf("Error creating Project: %s", err)
	}
	d.SetId(created.ID)
	if d.Get("is_default").(bool) {
		if _, _, err := client.Projects.Update(ctx, d.Id(), &godo.UpdateProjectRequest{IsDefault: true}); err != nil {
			return diag.Errorf("Error making the Project the default: %s", err)
		}
	}
	if err := file(ctx, client, d.Id(), texts(d.Get("resources"))); err != nil {
		return diag.Errorf("Error assigning resources to the Project: %s", err)
	}
	return readProject(ctx, d, meta)
}

// file puts resources under a project.
func file(ctx context.Context, client *godo.Client, project string, urns []string) error {
	if len(urns) == 0 {
		return nil
	}
	var resources []any
	for _, urn := range urns {
		resources = append(resources, urn)
	}
	_, _, err := client.Projects.AssignResources(ctx, project, resources...)
	return err
}

// filed lists what is under a project.
func filed(ctx context.Context, client *godo.Client, project string) ([]string, error) {
	found, err := collect(func(options *godo.ListOptions) ([]godo.ProjectResource, *godo.Response, error) {
		return client.Projects.ListResources(ctx, project, options)
	})
	urns := []string{}
	for _, resource := range found {
		urns = append(urns, resource.URN)
	}
	return urns, err
}

// unfile moves resources to the default project: nothing can be under none.
func unfile(ctx context.Context, client *godo.Client, urns []string) error {
	if len(urns) == 0 {
		return nil
	}
	other, _, err := client.Projects.GetDefault(ctx)
	if err != nil {
		return err
	}
	return file(ctx, client, other.ID, urns)
}

func readProject(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	found, response, err := client.Projects.Get(ctx, d.Id())
	if missing(response) {
		d.SetId("")
		return nil
	}
	if err != nil {
		return diag.Errorf("Error retrieving Project: %s", err)
	}
	return rememberProject(ctx, client, d, found)
}

func rememberProject(ctx context.Context, client *godo.Client, d *schema.ResourceData, found *godo.Project) diag.Diagnostics {
	urns, err := filed(ctx, client, found.ID)
	if err != nil {
		return diag.Errorf("Error listing the resources of the Project: %s", err)
	}
	return assign(d, map[string]any{
		"name":        found.Name,
		"description": found.Description,
		"purpose":     strings.TrimPrefix(found.Purpose, "Other: "),
		"environment": found.Environment,
		"is_default":  found.IsDefault,
		"owner_uuid":  found.OwnerUUID,
		"owner_id":    int(found.OwnerID),
		"created_at":  found.CreatedAt,
		"updated_at":  found.UpdatedAt,
		"resources":   urns,
	})
}

func updateProject(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	_, _, err := client.Projects.Update(ctx, d.Id(), &godo.UpdateProjectRequest{
		Name:        d.Get("name"),
		Description: d.Get("description"),
		Purpose:     d.Get("purpose"),
		Environment: d.Get("environment"),
		IsDefault:   d.Get("is_default"),
	})
	if err != nil {
		return diag.Errorf("Error updating Project: %s", err)
	}
	removed, added := difference(d, "resources")
	if err := unfile(ctx, client, removed); err != nil {
		return diag.Errorf("Error moving resources to the default Project: %s", err)
	}
	if err := file(ctx, client, d.Id(), added); err != nil {
		return diag.Errorf("Error assigning resources to the Project: %s", err)
	}
	return readProject(ctx, d, meta)
}

func deleteProject(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	if err := unfile(ctx, client, texts(d.Get("resources"))); err != nil {
		return diag.Errorf("Error moving resources to the default Project: %s", err)
	}
	if response, err := client.Projects.Delete(ctx, d.Id()); err != nil && !missing(response) {
		return diag.Errorf("Error deleting Project: %s", err)
	}
	return nil
}

func projectResources() *schema.Resource {
	return &schema.Resource{
		CreateContext: fileResources,
		ReadContext:   readResources,
		UpdateContext: fileResources,
		DeleteContext: unfileResources,
		Schema: map[string]*schema.Schema{
			"project":   {Type: schema.TypeString, Required: true, ForceNew: true, ValidateFunc: validation.NoZeroValues},
			"resources": {Type: schema.TypeSet, Required: true, Elem: &schema.Schema{Type: schema.TypeString}},
		},
	}
}

func fileResources(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client, id := meta.(*godo.Client), d.Get("project").(string)
	removed, added := difference(d, "resources")
	if err := unfile(ctx, client, removed); err != nil {
		return diag.Errorf("Error moving resources to the default Project: %s", err)
	}
	if err := file(ctx, client, id, added); err != nil {
		return diag.Errorf("Error assigning resources to project %s: %s", id, err)
	}
	d.SetId(id)
	return readResources(ctx, d, meta)
}

// readResources sees only what this resource put there: others may file their own.
func readResources(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	if _, response, err := client.Projects.Get(ctx, d.Id()); err != nil {
		if missing(response) {
			d.SetId("")
			return nil
		}
		return diag.Errorf("Error retrieving Project: %s", err)
	}
	urns, err := filed(ctx, client, d.Id())
	if err != nil {
		return diag.Errorf("Error listing the resources of the Project: %s", err)
	}
	mine := []string{}
	for _, urn := range texts(d.Get("resources")) {
		if slices.Contains(urns, urn) {
			mine = append(mine, urn)
		}
	}
	return assign(d, map[string]any{"project": d.Id(), "resources": mine})
}

func unfileResources(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	if err := unfile(ctx, meta.(*godo.Client), texts(d.Get("resources"))); err != nil {
		return diag.Errorf("Error moving resources to the default Project: %s", err)
	}
	return nil
}

func projectData() *schema.Resource {
	return &schema.Resource{
		ReadContext: findProject,
		Schema: map[string]*schema.Schema{
			"id":          {Type: schema.TypeString, Optional: true, Computed: true, ConflictsWith: []string{"name"}},
			"name":        {Type: schema.TypeString, Optional: true, Computed: true, ConflictsWith: []string{"id"}},
			"description": computed(schema.TypeString),
			"purpose":     computed(schema.TypeString),
			"environment": computed(schema.TypeString),
			"is_default":  computed(schema.TypeBool),
			"owner_uuid":  computed(schema.TypeString),
			"owner_id":    computed(schema.TypeInt),
			"created_at":  computed(schema.TypeString),
			"updated_at":  computed(schema.TypeString),
			"resources":   {Type: schema.TypeSet, Computed: true, Elem: &schema.Schema{Type: schema.TypeString}},
		},
	}
}

// findProject goes by id, by the exact name, or else takes the default project.
func findProject(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	client := meta.(*godo.Client)
	found, err := chooseProject(ctx, client, d.Get("id").(string), d.Get("name").(string))
	if err != nil {
		return err
	}
	d.SetId(found.ID)
	return rememberProject(ctx, client, d, found)
}

func chooseProject(ctx context.Context, client *godo.Client, id, name string) (*godo.Project, diag.Diagnostics) {
	if id != "" || name == "" {
		get := client.Projects.GetDefault
		if id != "" {
			get = func(ctx context.Context) (*godo.Project, *godo.Response, error) { return client.Projects.Get(ctx, id) }
		}
		found, _, err := get(ctx)
		if err != nil {
			return nil, diag.Errorf("Unable to load project: %s", err)
		}
		return found, nil
	}
	all, err := collect(func(options *godo.ListOptions) ([]godo.Project, *godo.Response, error) {
		return client.Projects.List(ctx, options)
	})
	if err != nil {
		return nil, diag.Errorf("Unable to load projects: %s", err)
	}
	var found []godo.Project
	for _, candidate := range all {
		if candidate.Name == name {
			found = append(found, candidate)
		}
	}
	switch len(found) {
	case 0:
		return nil, diag.Errorf("no projects found with name '%s'", name)
	case 1:
		return &found[0], nil
	default:
		return nil, diag.Errorf("more than one project found with name '%s'", name)
	}
}
