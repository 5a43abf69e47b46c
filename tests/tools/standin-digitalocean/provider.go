package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"golang.org/x/oauth2"
)

func provider() *schema.Provider {
	return &schema.Provider{
		Schema: map[string]*schema.Schema{
			"token":               setting(schema.TypeString, nil, "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"),
			"api_endpoint":        setting(schema.TypeString, "https://api.digitalocean.com", "DIGITALOCEAN_API_URL"),
			"spaces_endpoint":     setting(schema.TypeString, "https://{{.Region}}.digitaloceanspaces.com", "SPACES_ENDPOINT_URL"),
			"spaces_access_id":    setting(schema.TypeString, nil, "SPACES_ACCESS_KEY_ID"),
			"spaces_secret_key":   setting(schema.TypeString, nil, "SPACES_SECRET_ACCESS_KEY"),
			"requests_per_second": setting(schema.TypeFloat, 0.0, "DIGITALOCEAN_REQUESTS_PER_SECOND"),
			"http_retry_max":      setting(schema.TypeInt, 4, "DIGITALOCEAN_HTTP_RETRY_MAX"),
			"http_retry_wait_min": setting(schema.TypeFloat, 1.0, "DIGITALOCEAN_HTTP_RETRY_WAIT_MIN"),
			"http_retry_wait_max": setting(schema.TypeFloat, 30.0, "DIGITALOCEAN_HTTP_RETRY_WAIT_MAX"),
		},
		ResourcesMap: map[string]*schema.Resource{
			"digitalocean_droplet":                droplet(),
			"digitalocean_firewall":               firewall(),
			"digitalocean_project":                project(),
			"digitalocean_project_resources":      projectResources(),
			"digitalocean_reserved_ip":            reservedIP(),
			"digitalocean_reserved_ip_assignment": reservedIPAssignment(),
			"digitalocean_ssh_key":                sshKey(),
			"digitalocean_tag":                    tag(),
			"digitalocean_volume":                 volume(),
			"digitalocean_volume_attachment":      volumeAttachment(),
		},
		DataSourcesMap: map[string]*schema.Resource{
			"digitalocean_project": projectData(),
			"digitalocean_ssh_key": sshKeyData(),
		},
		ConfigureContextFunc: configure,
	}
}

func setting(kind schema.ValueType, fallback any, variables ...string) *schema.Schema {
	return &schema.Schema{
		Type:        kind,
		Optional:    true,
		DefaultFunc: schema.MultiEnvDefaultFunc(variables, fallback),
	}
}

// configure makes the client and asks the API nothing: a plan of new resources needs no token.
func configure(_ context.Context, d *schema.ResourceData) (any, diag.Diagnostics) {
	options := []godo.ClientOpt{
		godo.SetBaseURL(d.Get("api_endpoint").(string)),
		godo.SetUserAgent("seance-standin-digitalocean"),
	}
	if most := d.Get("http_retry_max").(int); most > 0 {
		options = append(options, godo.WithRetryAndBackoffs(godo.RetryConfig{
			RetryMax:     most,
			RetryWaitMin: godo.PtrTo(d.Get("http_retry_wait_min").(float64)),
			RetryWaitMax: godo.PtrTo(d.Get("http_retry_wait_max").(float64)),
		}))
	}
	if rate := d.Get("requests_per_second").(float64); rate > 0 {
		options = append(options, godo.SetStaticRateLimit(rate))
	}
	token := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: d.Get("token").(string)})
	client, err := godo.New(oauth2.NewClient(context.Background(), token), options...)
	if err != nil {
		return nil, diag.FromErr(err)
	}
	return client, nil
}

// pause stands for the 10 seconds that the real provider waits before and between its questions.
const pause = 200 * time.Millisecond

// await asks until the answer is yes, the question fails, the time is over or the engine is
// interrupted.
func await(ctx context.Context, limit time.Duration, what string, answer func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return ctx.Err()
			}
			return &tired{what: what, limit: limit}
		case <-time.After(pause):
		}
		if done, err := answer(); done || err != nil {
			return err
		}
	}
}

// awaitAction waits for an action of a droplet.
func awaitAction(ctx context.Context, client *godo.Client, limit time.Duration, id int) error {
	return awaitActionOf(ctx, limit, id, func() (*godo.Action, *godo.Response, error) {
		return client.Actions.Get(ctx, id)
	})
}

func awaitActionOf(
	ctx context.Context, limit time.Duration, id int, get func() (*godo.Action, *godo.Response, error),
) error {
	return await(ctx, limit, "action "+strconv.Itoa(id), func() (bool, error) {
		action, _, err := get()
		if err != nil {
			return false, err
		}
		if action.Status == "errored" {
			return false, &failed{action: action}
		}
		return action.CompletedAt != nil, nil
	})
}

type tired struct {
	what  string
	limit time.Duration
}

func (t *tired) Error() string {
	return "timeout while waiting for " + t.what + " (timeout: " + t.limit.String() + ")"
}

type failed struct{ action *godo.Action }

func (f *failed) Error() string {
	return "the action " + f.action.Type + " (" + strconv.Itoa(f.action.ID) + ") errored"
}

func missing(response *godo.Response) bool {
	return response != nil && response.StatusCode == http.StatusNotFound
}

// collect reads every page of a list.
func collect[T any](page func(*godo.ListOptions) ([]T, *godo.Response, error)) ([]T, error) {
	var all []T
	options := &godo.ListOptions{Page: 1, PerPage: 200}
	for {
		items, response, err := page(options)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if response.Links == nil || response.Links.IsLastPage() {
			return all, nil
		}
		options.Page++
	}
}

// assign sets several attributes, and stops at the first that does not fit the schema.
func assign(d *schema.ResourceData, values map[string]any) diag.Diagnostics {
	for name, value := range values {
		if err := d.Set(name, value); err != nil {
			return diag.Errorf("setting %s: %s", name, err)
		}
	}
	return nil
}

func texts(set any) []string {
	var values []string
	for _, value := range set.(*schema.Set).List() {
		values = append(values, value.(string))
	}
	return values
}

func numbers(set any) []int {
	var values []int
	for _, value := range set.(*schema.Set).List() {
		values = append(values, value.(int))
	}
	return values
}

func setOf(kind schema.ValueType) *schema.Schema {
	return &schema.Schema{Type: schema.TypeSet, Optional: true, Elem: &schema.Schema{Type: kind}}
}

func computed(kind schema.ValueType) *schema.Schema {
	return &schema.Schema{Type: kind, Computed: true}
}

func number(id string) (int, error) { return strconv.Atoi(id) }

func importable() *schema.ResourceImporter {
	return &schema.ResourceImporter{StateContext: schema.ImportStatePassthroughContext}
}
