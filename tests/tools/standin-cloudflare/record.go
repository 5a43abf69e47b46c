package main

import (
	"context"
	"encoding/json"
	"net/netip"
	"strings"

	client "github.com/cloudflare/cloudflare-go/v6/dns"
	"github.com/cloudflare/cloudflare-go/v6/option"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type dnsRecord struct{ records *client.RecordService }

var (
	_ resource.ResourceWithConfigure      = (*dnsRecord)(nil)
	_ resource.ResourceWithImportState    = (*dnsRecord)(nil)
	_ resource.ResourceWithValidateConfig = (*dnsRecord)(nil)
)

// record is a record as the configuration and the state hold it.
type record struct {
	ID                types.String  `tfsdk:"id"`
	ZoneID            types.String  `tfsdk:"zone_id"`
	Name              types.String  `tfsdk:"name"`
	Type              types.String  `tfsdk:"type"`
	TTL               types.Float64 `tfsdk:"ttl"`
	Content           types.String  `tfsdk:"content"`
	Priority          types.Float64 `tfsdk:"priority"`
	Proxied           types.Bool    `tfsdk:"proxied"`
	Comment           types.String  `tfsdk:"comment"`
	Tags              types.Set     `tfsdk:"tags"`
	Data              *recordData   `tfsdk:"data"`
	Settings          *flattening   `tfsdk:"settings"`
	Proxiable         types.Bool    `tfsdk:"proxiable"`
	Meta              types.String  `tfsdk:"meta"`
	CreatedOn         types.String  `tfsdk:"created_on"`
	ModifiedOn        types.String  `tfsdk:"modified_on"`
	CommentModifiedOn types.String  `tfsdk:"comment_modified_on"`
	TagsModifiedOn    types.String  `tfsdk:"tags_modified_on"`
}

// recordData has the parts of a CAA and of an SRV record.
type recordData struct {
	Flags    types.Float64 `tfsdk:"flags"`
	Tag      types.String  `tfsdk:"tag"`
	Value    types.String  `tfsdk:"value"`
	Priority types.Float64 `tfsdk:"priority"`
	Weight   types.Float64 `tfsdk:"weight"`
	Port     types.Float64 `tfsdk:"port"`
	Target   types.String  `tfsdk:"target"`
}

type flattening struct {
	IPv4Only     types.Bool `tfsdk:"ipv4_only"`
	IPv6Only     types.Bool `tfsdk:"ipv6_only"`
	FlattenCNAME types.Bool `tfsdk:"flatten_cname"`
}

func (r *dnsRecord) Metadata(_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = request.ProviderTypeName + "_dns_record"
}

func (r *dnsRecord) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":       schema.StringAttribute{Computed: true, PlanModifiers: keep},
		"zone_id":  schema.StringAttribute{Required: true, PlanModifiers: replace},
		"type":     schema.StringAttribute{Required: true, PlanModifiers: replace},
		"name":     schema.StringAttribute{Required: true},
		"ttl":      schema.Float64Attribute{Required: true},
		"content":  schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: keep},
		"priority": schema.Float64Attribute{Optional: true},
		"proxied":  schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false)},
		"comment":  schema.StringAttribute{Optional: true},
		"tags": schema.SetAttribute{
			Optional: true, Computed: true, ElementType: types.StringType,
			PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
		},
		"data": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"flags":    schema.Float64Attribute{Optional: true},
			"tag":      schema.StringAttribute{Optional: true},
			"value":    schema.StringAttribute{Optional: true},
			"priority": schema.Float64Attribute{Optional: true},
			"weight":   schema.Float64Attribute{Optional: true},
			"port":     schema.Float64Attribute{Optional: true},
			"target":   schema.StringAttribute{Optional: true},
		}},
		"settings": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"ipv4_only":     schema.BoolAttribute{Optional: true},
			"ipv6_only":     schema.BoolAttribute{Optional: true},
			"flatten_cname": schema.BoolAttribute{Optional: true},
		}},
		"proxiable":           schema.BoolAttribute{Computed: true},
		"meta":                schema.StringAttribute{Computed: true},
		"created_on":          schema.StringAttribute{Computed: true, PlanModifiers: keep},
		"modified_on":         schema.StringAttribute{Computed: true},
		"comment_modified_on": schema.StringAttribute{Computed: true},
		"tags_modified_on":    schema.StringAttribute{Computed: true},
	}}
}

func (r *dnsRecord) ValidateConfig(ctx context.Context, request resource.ValidateConfigRequest, response *resource.ValidateConfigResponse) {
	var given record
	// What is not known yet does not fit these types, and is checked once it is.
	if !request.Config.Raw.IsFullyKnown() {
		return
	}
	response.Diagnostics.Append(request.Config.Get(ctx, &given)...)
	if response.Diagnostics.HasError() {
		return
	}
	if given.Data != nil && !given.Content.IsNull() {
		response.Diagnostics.AddAttributeError(path.Root("content"), "Invalid Attribute Combination",
			"content cannot be given together with data.")
	}
	if ttl := given.TTL.ValueFloat64(); ttl != 1 && (ttl < 30 || ttl > 86400) {
		response.Diagnostics.AddAttributeError(path.Root("ttl"), "Invalid Attribute Value",
			"ttl is 1, which means automatic, or a number of seconds from 30 to 86400.")
	}
	if priority := given.Priority; priority.ValueFloat64() < 0 || priority.ValueFloat64() > 65535 {
		response.Diagnostics.AddAttributeError(path.Root("priority"), "Invalid Attribute Value",
			"priority is a number from 0 to 65535.")
	}
}

func (r *dnsRecord) Configure(_ context.Context, request resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if options, ok := request.ProviderData.([]option.RequestOption); ok {
		r.records = client.NewRecordService(options...)
	}
}

func (r *dnsRecord) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var plan record
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	if response.Diagnostics.HasError() {
		return
	}
	if plan.Proxied.ValueBool() && plan.TTL.ValueFloat64() != 1 {
		response.Diagnostics.AddError("Invalid ttl", "ttl must be set to 1 when `proxied` is true")
		return
	}
	body, err := json.Marshal(plan.request(ctx))
	if err != nil {
		response.Diagnostics.Append(failure(err))
		return
	}
	var answer answer
	var params client.RecordNewParams
	params.ZoneID.Value, params.ZoneID.Present = plan.ZoneID.ValueString(), true
	_, err = r.records.New(ctx, params, answer.options(option.WithRequestBody("application/json", body))...)
	if err != nil {
		response.Diagnostics.Append(failure(err))
		return
	}
	response.Diagnostics.Append(plan.receive(ctx, &answer)...)
	response.Diagnostics.Append(response.State.Set(ctx, &plan)...)
}

func (r *dnsRecord) Read(ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse) {
	var state record
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	var answer answer
	var params client.RecordGetParams
	params.ZoneID.Value, params.ZoneID.Present = state.ZoneID.ValueString(), true
	_, err := r.records.Get(ctx, state.ID.ValueString(), params, answer.options()...)
	if answer.missing() {
		response.Diagnostics.AddWarning("Resource not found", "The resource was not found on the server and will be removed from state.")
		response.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		response.Diagnostics.Append(failure(err))
		return
	}
	response.Diagnostics.Append(state.receive(ctx, &answer)...)
	response.Diagnostics.Append(response.State.Set(ctx, &state)...)
}

func (r *dnsRecord) Update(ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	var plan, state record
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	body, err := json.Marshal(plan.request(ctx))
	if err != nil {
		response.Diagnostics.Append(failure(err))
		return
	}
	var answer answer
	var params client.RecordUpdateParams
	params.ZoneID.Value, params.ZoneID.Present = state.ZoneID.ValueString(), true
	_, err = r.records.Update(ctx, state.ID.ValueString(), params, answer.options(option.WithRequestBody("application/json", body))...)
	if err != nil {
		response.Diagnostics.Append(failure(err))
		return
	}
	response.Diagnostics.Append(plan.receive(ctx, &answer)...)
	response.Diagnostics.Append(response.State.Set(ctx, &plan)...)
}

func (r *dnsRecord) Delete(ctx context.Context, request resource.DeleteRequest, response *resource.DeleteResponse) {
	var state record
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	var answer answer
	var params client.RecordDeleteParams
	params.ZoneID.Value, params.ZoneID.Present = state.ZoneID.ValueString(), true
	if _, err := r.records.Delete(ctx, state.ID.ValueString(), params, answer.options()...); err != nil && !answer.missing() {
		response.Diagnostics.Append(failure(err))
	}
}

func (r *dnsRecord) ImportState(ctx context.Context, request resource.ImportStateRequest, response *resource.ImportStateResponse) {
	zone, id, ok := strings.Cut(request.ID, "/")
	if !ok || zone == "" || id == "" {
		response.Diagnostics.AddError("invalid ID", "expected <zone_id>/<dns_record_id>, got "+request.ID)
		return
	}
	response.Diagnostics.Append(response.State.SetAttribute(ctx, path.Root("zone_id"), zone)...)
	response.Diagnostics.Append(response.State.SetAttribute(ctx, path.Root("id"), id)...)
}

// request is the body of a POST or a PUT: what is not given is not sent.
func (r *record) request(ctx context.Context) map[string]any {
	body := map[string]any{
		"name":    r.Name.ValueString(),
		"type":    r.Type.ValueString(),
		"ttl":     r.TTL.ValueFloat64(),
		"proxied": r.Proxied.ValueBool(),
	}
	given(body, "content", r.Content, r.Content.ValueString())
	given(body, "priority", r.Priority, r.Priority.ValueFloat64())
	given(body, "comment", r.Comment, r.Comment.ValueString())
	if !r.Tags.IsNull() && !r.Tags.IsUnknown() {
		tags := []string{}
		r.Tags.ElementsAs(ctx, &tags, false)
		body["tags"] = tags
	}
	if data := r.Data; data != nil {
		parts := map[string]any{}
		given(parts, "flags", data.Flags, data.Flags.ValueFloat64())
		given(parts, "tag", data.Tag, data.Tag.ValueString())
		given(parts, "value", data.Value, data.Value.ValueString())
		given(parts, "priority", data.Priority, data.Priority.ValueFloat64())
		given(parts, "weight", data.Weight, data.Weight.ValueFloat64())
		given(parts, "port", data.Port, data.Port.ValueFloat64())
		given(parts, "target", data.Target, data.Target.ValueString())
		body["data"] = parts
	}
	if settings := r.Settings; settings != nil {
		parts := map[string]any{}
		given(parts, "ipv4_only", settings.IPv4Only, settings.IPv4Only.ValueBool())
		given(parts, "ipv6_only", settings.IPv6Only, settings.IPv6Only.ValueBool())
		given(parts, "flatten_cname", settings.FlattenCNAME, settings.FlattenCNAME.ValueBool())
		body["settings"] = parts
	}
	return body
}

func given(body map[string]any, name string, value interface{ IsNull() bool }, plain any) {
	if unknown, ok := value.(interface{ IsUnknown() bool }); ok && unknown.IsUnknown() {
		return
	}
	if !value.IsNull() {
		body[name] = plain
	}
}

// found is a record as the API sends it.
type found struct {
	ID                string          `json:"id"`
	Name              string          `json:"name"`
	Type              string          `json:"type"`
	Content           *string         `json:"content"`
	TTL               float64         `json:"ttl"`
	Priority          *float64        `json:"priority"`
	Proxied           *bool           `json:"proxied"`
	Proxiable         *bool           `json:"proxiable"`
	Comment           *string         `json:"comment"`
	Tags              []string        `json:"tags"`
	Meta              json.RawMessage `json:"meta"`
	CreatedOn         *string         `json:"created_on"`
	ModifiedOn        *string         `json:"modified_on"`
	CommentModifiedOn *string         `json:"comment_modified_on"`
	TagsModifiedOn    *string         `json:"tags_modified_on"`
}

// receive takes over what the API says. Data and settings stay as they are written.
func (r *record) receive(ctx context.Context, answer *answer) diag.Diagnostics {
	var found found
	if err := answer.read(&found); err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("failed to deserialize http request", err.Error())}
	}
	r.ID = types.StringValue(found.ID)
	r.Type = types.StringValue(found.Type)
	r.TTL = types.Float64Value(found.TTL)
	r.Comment = types.StringPointerValue(found.Comment)
	r.Proxied = types.BoolValue(found.Proxied != nil && *found.Proxied)
	r.Proxiable = types.BoolPointerValue(found.Proxiable)
	r.CreatedOn = types.StringPointerValue(found.CreatedOn)
	r.ModifiedOn = types.StringPointerValue(found.ModifiedOn)
	r.CommentModifiedOn = types.StringPointerValue(found.CommentModifiedOn)
	r.TagsModifiedOn = types.StringPointerValue(found.TagsModifiedOn)
	r.Meta = types.StringNull()
	if len(found.Meta) > 0 {
		r.Meta = types.StringValue(string(found.Meta))
	}
	// MX and SRV records have a priority, the others show none or zero.
	if found.Priority != nil && (!r.Priority.IsNull() || *found.Priority != 0) {
		r.Priority = types.Float64Value(*found.Priority)
	}
	if !sameName(r.Name.ValueString(), found.Name) {
		r.Name = types.StringValue(found.Name)
	}
	if found.Content == nil || !sameContent(r.Content.ValueString(), *found.Content) {
		r.Content = types.StringPointerValue(found.Content)
	}
	tags, problems := types.SetValueFrom(ctx, types.StringType, append([]string{}, found.Tags...))
	r.Tags = tags
	return problems
}

// sameName tells whether a name as it is written leads to the fully qualified one of the API.
func sameName(written, qualified string) bool {
	if written == "" {
		return false
	}
	return written == "@" || written == qualified || strings.HasPrefix(qualified, written+".")
}

// sameContent does not mind how an address is spelt.
func sameContent(written, found string) bool {
	one, err := netip.ParseAddr(written)
	other, otherErr := netip.ParseAddr(found)
	if err == nil && otherErr == nil {
		return one == other
	}
	return written == found
}
