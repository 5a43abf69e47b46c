// Command standin-cloudflare takes the place of the provider cloudflare/cloudflare 5.22.0 in the
// deployment tests, on machines where the real one cannot be had.
//
// # Why it exists
//
// The deployment tests drive the real engine against a simulated Cloudflare API, and an engine does
// nothing without a provider. The real provider has to come through the Go module proxy, which does
// not serve every module. tests/scripts/engines asks for the real one first, and puts this one into
// the mirror, under the same name and version, only when the proxy refuses. It says so.
//
// # What it is
//
// The resource cloudflare_dns_record and the data source cloudflare_zone over the real client
// library, of which it uses the parts for records and zones. It was written from the documented
// behaviour alone, and keeps what decides whether a deployment is safe:
//
//   - zone_id and type replace a record, everything else is one PUT of the whole record;
//   - a ttl other than 1 on a proxied record is refused only when the record is created;
//   - a record that exists already is an error of the API, and nothing overwrites it;
//   - CLOUDFLARE_API_TOKEN, CLOUDFLARE_API_KEY with CLOUDFLARE_EMAIL,
//     CLOUDFLARE_API_USER_SERVICE_KEY and CLOUDFLARE_BASE_URL;
//   - the client's ten retries, from two seconds on, unless the answer says `x-should-retry: false`;
//   - a record that answers 404 leaves the state with a warning.
//
// # What it does not show
//
//   - That the real provider behaves in the same way: where this one is wrong, so is every test
//     that runs on it. The tests print which of the two they ran on.
//   - The records that need `data` beyond CAA and SRV, private_routing, the attributes of a zone
//     beyond those in zone.go, and every filter but name, status and account.
//   - The heuristic for names that are not fully qualified: a short name is kept as it is written.
//   - The check of a token's shape, and the upgrade of states written by older versions.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

func main() {
	// The address tells only a debugger where the provider belongs.
	options := providerserver.ServeOpts{Address: "standin.invalid/cloudflare/cloudflare", ProtocolVersion: 6}
	if err := providerserver.Serve(context.Background(), newProvider, options); err != nil {
		log.Fatal(err)
	}
}

func newProvider() provider.Provider { return &cloudflare{} }
