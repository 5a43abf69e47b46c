package main

import (
	"context"

	"github.com/cloudflare/cloudflare-go/v6/option"
	client "github.com/cloudflare/cloudflare-go/v6/zones"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type zone struct{ zones *client.ZoneService }

var _ datasource.DataSourceWithConfigure = (*zone)(nil)

type zoneModel struct {
	ID                  types.String  `tfsdk:"id"`
	ZoneID              types.String  `tfsdk:"zone_id"`
	Filter              *zoneFilter   `tfsdk:"filter"`
	Name                types.String  `tfsdk:"name"`
	Status              types.String  `tfsdk:"status"`
	Type                types.String  `tfsdk:"type"`
	Paused              types.Bool    `tfsdk:"paused"`
	DevelopmentMode     types.Float64 `tfsdk:"development_mode"`
	NameServers         types.List    `tfsdk:"name_servers"`
	OriginalNameServers types.List    `tfsdk:"original_name_servers"`
	CreatedOn           types.String  `tfsdk:"created_on"`
	ModifiedOn          types.String  `tfsdk:"modified_on"`
	ActivatedOn         types.String  `tfsdk:"activated_on"`
}

type zoneFilter struct {
	Name    types.String `tfsdk:"name"`
	Status  types.String `tfsdk:"status"`
	Account *zoneAccount `tfsdk:"account"`
}

type zoneAccount struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

func (z *zone) Metadata(_ context.Context, request datasource.MetadataRequest, response *datasource.MetadataResponse) {
	response.TypeName = request.ProviderTypeName + "_zone"
}

func (z *zone) Schema(_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse) {
	text := schema.StringAttribute{Computed: true}
	texts := schema.ListAttribute{Computed: true, ElementType: types.StringType}
	wanted := schema.StringAttribute{Optional: true}
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":      text,
		"zone_id": schema.StringAttribute{Optional: true, Computed: true},
		"filter": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"name":   wanted,
			"status": wanted,
			"account": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
				"id": wanted, "name": wanted,
			}},
		}},
		"name":                  text,
		"status":                text,
		"type":                  text,
		"paused":                schema.BoolAttribute{Computed: true},
		"development_mode":      schema.Float64Attribute{Computed: true},
		"name_servers":          texts,
		"original_name_servers": texts,
		"created_on":            text,
		"modified_on":           text,
		"activated_on":          text,
	}}
}

func (z *zone) Configure(_ context.Context, request datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	if options, ok := request.ProviderData.([]option.RequestOption); ok {
		z.zones = client.NewZoneService(options...)
	}
}

func (z *zone) Read(ctx context.Context, request datasource.ReadRequest, response *datasource.ReadResponse) {
	var wanted zoneModel
	response.Diagnostics.Append(request.Config.Get(ctx, &wanted)...)
	if response.Diagnostics.HasError() {
		return
	}
	if (wanted.Filter == nil) == wanted.ZoneID.IsNull() {
		response.Diagnostics.AddError("Invalid Attribute Combination", "Exactly one of zone_id and filter must be given.")
		return
	}
	if wanted.Filter != nil {
		id, problem := z.find(ctx, wanted.Filter)
		if problem != "" {
			response.Diagnostics.AddError("failed to make http request", problem)
			return
		}
		wanted.ZoneID = types.StringValue(id)
	}
	var answer answer
	var params client.ZoneGetParams
	params.ZoneID.Value, params.ZoneID.Present = wanted.ZoneID.ValueString(), true
	if _, err := z.zones.Get(ctx, params, answer.options()...); err != nil {
		response.Diagnostics.Append(failure(err))
		return
	}
	if err := wanted.receive(ctx, &answer); err != nil {
		response.Diagnostics.AddError("failed to deserialize http request", err.Error())
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, &wanted)...)
}

// find looks for the one zone that fits, and says what is wrong when there is not exactly one.
func (z *zone) find(ctx context.Context, filter *zoneFilter) (id, problem string) {
	var params client.ZoneListParams
	if name := filter.Name; !name.IsNull() {
		params.Name.Value, params.Name.Present = name.ValueString(), true
	}
	if status := filter.Status; !status.IsNull() {
		params.Status.Value, params.Status.Present = client.ZoneListParamsStatus(status.ValueString()), true
	}
	if account := filter.Account; account != nil {
		params.Account.Present = true
		if !account.ID.IsNull() {
			params.Account.Value.ID.Value, params.Account.Value.ID.Present = account.ID.ValueString(), true
		}
		if !account.Name.IsNull() {
			params.Account.Value.Name.Value, params.Account.Value.Name.Present = account.Name.ValueString(), true
		}
	}
	page, err := z.zones.List(ctx, params)
	switch {
	case err != nil:
		return "", err.Error()
	case len(page.Result) == 0:
		return "", "found no zone that matches the filter"
	case len(page.Result) > 1:
		return "", "found more than one zone that matches the filter"
	}
	return page.Result[0].ID, ""
}

func (m *zoneModel) receive(ctx context.Context, answer *answer) error {
	var found struct {
		ID                  string   `json:"id"`
		Name                string   `json:"name"`
		Status              *string  `json:"status"`
		Type                *string  `json:"type"`
		Paused              *bool    `json:"paused"`
		DevelopmentMode     *float64 `json:"development_mode"`
		NameServers         []string `json:"name_servers"`
		OriginalNameServers []string `json:"original_name_servers"`
		CreatedOn           *string  `json:"created_on"`
		ModifiedOn          *string  `json:"modified_on"`
		ActivatedOn         *string  `json:"activated_on"`
	}
	if err := answer.read(&found); err != nil {
		return err
	}
	m.ID = types.StringValue(found.ID)
	m.ZoneID = types.StringValue(found.ID)
	m.Name = types.StringValue(found.Name)
	m.Status = types.StringPointerValue(found.Status)
	m.Type = types.StringPointerValue(found.Type)
	m.Paused = types.BoolPointerValue(found.Paused)
	m.DevelopmentMode = types.Float64PointerValue(found.DevelopmentMode)
	m.CreatedOn = types.StringPointerValue(found.CreatedOn)
	m.ModifiedOn = types.StringPointerValue(found.ModifiedOn)
	m.ActivatedOn = types.StringPointerValue(found.ActivatedOn)
	m.NameServers, _ = types.ListValueFrom(ctx, types.StringType, append([]string{}, found.NameServers...))
	m.OriginalNameServers, _ = types.ListValueFrom(ctx, types.StringType, append([]string{}, found.OriginalNameServers...))
	return nil
}
