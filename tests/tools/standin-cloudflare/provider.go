package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/cloudflare/cloudflare-go/v6/option"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type cloudflare struct{}

type settings struct {
	APIToken       types.String `tfsdk:"api_token"`
	APIKey         types.String `tfsdk:"api_key"`
	Email          types.String `tfsdk:"email"`
	UserServiceKey types.String `tfsdk:"api_user_service_key"`
	BaseURL        types.String `tfsdk:"base_url"`
	UserAgent      types.String `tfsdk:"user_agent_operator_suffix"`
}

func (c *cloudflare) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = "cloudflare"
}

func (c *cloudflare) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"api_token":                  schema.StringAttribute{Optional: true, Sensitive: true},
		"api_key":                    schema.StringAttribute{Optional: true, Sensitive: true},
		"email":                      schema.StringAttribute{Optional: true},
		"api_user_service_key":       schema.StringAttribute{Optional: true, Sensitive: true},
		"base_url":                   schema.StringAttribute{Optional: true},
		"user_agent_operator_suffix": schema.StringAttribute{Optional: true},
	}}
}

// Configure makes the options of every request and asks the API nothing: a plan of new records in
// a zone that is known by its id needs no token.
func (c *cloudflare) Configure(ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse) {
	var given settings
	response.Diagnostics.Append(request.Config.Get(ctx, &given)...)
	if response.Diagnostics.HasError() {
		return
	}
	options := []option.RequestOption{
		option.WithEnvironmentProduction(),
		option.WithHeader("User-Agent", "seance-standin-cloudflare"),
	}
	for _, one := range []struct {
		value    types.String
		variable string
		with     func(string) option.RequestOption
	}{
		{given.BaseURL, "CLOUDFLARE_BASE_URL", option.WithBaseURL},
		{given.APIToken, "CLOUDFLARE_API_TOKEN", option.WithAPIToken},
		{given.APIKey, "CLOUDFLARE_API_KEY", option.WithAPIKey},
		{given.Email, "CLOUDFLARE_EMAIL", option.WithAPIEmail},
		{given.UserServiceKey, "CLOUDFLARE_API_USER_SERVICE_KEY", option.WithUserServiceKey},
	} {
		value := one.value.ValueString()
		if value == "" {
			value = os.Getenv(one.variable)
		}
		if value != "" {
			options = append(options, one.with(value))
		}
	}
	response.ResourceData = options
	response.DataSourceData = options
}

func (c *cloudflare) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &dnsRecord{} }}
}

func (c *cloudflare) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &zone{} }}
}

// answer receives a whole response, because the client alone drops what it does not know.
type answer struct{ raw *http.Response }

func (a *answer) options(more ...option.RequestOption) []option.RequestOption {
	return append([]option.RequestOption{option.WithResponseBodyInto(&a.raw)}, more...)
}

// missing tells whether the API says that there is no such thing.
func (a *answer) missing() bool { return a.raw != nil && a.raw.StatusCode == http.StatusNotFound }

// read takes the result out of its envelope.
func (a *answer) read(result any) error {
	defer func() { _ = a.raw.Body.Close() }()
	envelope := struct {
		Success bool `json:"success"`
		Result  any  `json:"result"`
	}{Result: result}
	if err := json.NewDecoder(a.raw.Body).Decode(&envelope); err != nil {
		return err
	}
	if !envelope.Success {
		return fmt.Errorf("%s %s answered without success", a.raw.Request.Method, a.raw.Request.URL.Path)
	}
	return nil
}

func failure(err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("failed to make http request", err.Error())
}
