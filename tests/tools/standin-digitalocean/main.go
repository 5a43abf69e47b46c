// Command standin-digitalocean takes the place of the provider digitalocean/digitalocean 2.99.1 in
// the deployment tests, on machines where the real one cannot be had.
//
// # Why it exists
//
// The deployment tests drive the real engine against a simulated DigitalOcean API, and an engine
// does nothing without a provider. The real provider has to come through the Go module proxy, which
// does not serve every module. tests/scripts/engines asks for the real one first, and puts this one
// into the mirror, under the same name and version, only when the proxy refuses. It says so.
//
// # What it is
//
// The resources and data sources that the generated module may use, each with the attributes of
// the real schema, over the real client library at the version that the real provider requires:
//
//	digitalocean_droplet, digitalocean_firewall, digitalocean_ssh_key, digitalocean_reserved_ip,
//	digitalocean_reserved_ip_assignment, digitalocean_project, digitalocean_project_resources,
//	digitalocean_volume, digitalocean_volume_attachment, digitalocean_tag
//	data: digitalocean_project, digitalocean_ssh_key
//
// It was written from the documented behaviour alone. It keeps what decides whether a deployment
// is safe:
//
//   - which change replaces a resource, which one updates it, and which one is not seen at all
//     (image, ssh_keys, user_data and droplet_agent are never read back);
//   - the requests, their order and their bodies: a resize powers the droplet off, resizes it and
//     powers it on again; graceful_shutdown shuts it down before it is deleted;
//   - a token that is needed only for the first request, and DIGITALOCEAN_API_URL,
//     DIGITALOCEAN_TOKEN, DIGITALOCEAN_ACCESS_TOKEN, DIGITALOCEAN_REQUESTS_PER_SECOND and
//     DIGITALOCEAN_HTTP_RETRY_{MAX,WAIT_MIN,WAIT_MAX};
//   - a resource that answers 404 leaves the state.
//
// # What it does not show
//
//   - That the real provider behaves in the same way: where this one is wrong, so is every test
//     that runs on it. The tests print which of the two they ran on.
//   - How long a deployment takes. The real provider waits 10 seconds before and between its
//     questions and 20 seconds for a deletion; this one waits a fifth of a second.
//   - The exact wording of the messages that do not come from the API or its client.
//   - Every other resource, import of anything but a droplet, a key, a firewall, a reserved IP, a
//     project, a volume or a tag, and the upgrade of states written by older versions.
package main

import "github.com/hashicorp/terraform-plugin-sdk/v2/plugin"

func main() {
	plugin.Serve(&plugin.ServeOpts{ProviderFunc: provider})
}
