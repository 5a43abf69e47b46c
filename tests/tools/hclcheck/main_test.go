package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const schemaFile = "../../data/digitalocean-provider-2.99.1.schema.json"

func check(t *testing.T, name, text string) (int, string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	code := run([]string{"-schema", schemaFile, folder}, &out, &out)
	return code, out.String()
}

const reservedIP = `resource "digitalocean_reserved_ip" "this" {
  region = var.region

  lifecycle {
    prevent_destroy = true
  }
}
`

func TestAcceptsWhatTheProviderAccepts(t *testing.T) {
	if code, out := check(t, "main.tf", reservedIP); code != 0 || !strings.Contains(out, "1 blocks held") {
		t.Fatalf("exit %d: %s", code, out)
	}
}

func TestRefusals(t *testing.T) {
	cases := map[string]struct{ name, text, want string }{
		"syntax":       {"main.tf", "resource \"a\" {", "Unclosed"},
		"format":       {"main.tf", strings.Replace(reservedIP, "  region", "    region", 1), "main.tf:2: not in canonical format"},
		"unknown":      {"main.tf", strings.Replace(reservedIP, "region =", "regoin =", 1), `no argument "regoin"`},
		"required":     {"main.tf", strings.Replace(reservedIP, "region =", "regoin =", 1), `required argument "region"`},
		"computed":     {"main.tf", strings.Replace(reservedIP, "region =", "urn =", 1), "computed"},
		"nested":       {"main.tf", strings.Replace(reservedIP, "lifecycle", "backups", 1), `no nested block "backups"`},
		"no such type": {"main.tf", strings.Replace(reservedIP, "reserved_ip", "floating_cloud", 1), "the provider has no"},
		"function":     {"terraform.tfvars", "a = file(\"/etc/passwd\")\n", "Function calls not allowed"},
		"variable":     {"terraform.tfvars", "a = \"${b}\"\n", "Variables not allowed"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			code, out := check(t, test.name, test.text)
			if code != 1 || !strings.Contains(out, test.want) {
				t.Fatalf("exit %d, want 1 and %q in:\n%s", code, test.want, out)
			}
		})
	}
}

func TestAnEmptyFolderIsNotAPass(t *testing.T) {
	var out bytes.Buffer
	if code := run([]string{t.TempDir()}, &out, &out); code != 2 {
		t.Fatalf("exit %d: %s", code, out.String())
	}
}

func TestDecodesValuesLiterally(t *testing.T) {
	encoded, err := decodeValues([]byte("a = \"$${x} %%{y} \\\"\"\nb = [1, true]\n"), "terraform.tfvars")
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"a":"${x} %{y} \"","b":[1,true]}`; string(encoded) != want {
		t.Fatalf("got %s, want %s", encoded, want)
	}
}
