package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// providerSchema is what `terraform providers schema -json` prints for one provider.
type providerSchema struct {
	Resources   map[string]schemaEntry `json:"resource_schemas"`
	DataSources map[string]schemaEntry `json:"data_source_schemas"`
}

type schemaEntry struct {
	Block schemaBlock `json:"block"`
}

type schemaBlock struct {
	Attributes map[string]schemaAttribute `json:"attributes"`
	Blocks     map[string]schemaNested    `json:"block_types"`
}

type schemaAttribute struct {
	Required bool `json:"required"`
	Optional bool `json:"optional"`
	Computed bool `json:"computed"`
}

type schemaNested struct {
	Block    schemaBlock `json:"block"`
	MinItems int         `json:"min_items"`
	MaxItems int         `json:"max_items"`
}

// What OpenTofu itself reads in a resource, whatever the provider.
var (
	metaArguments = words("count for_each provider depends_on")
	metaBlocks    = words("lifecycle connection provisioner")
)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

func readSchema(path string) (*providerSchema, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	schema := &providerSchema{}
	if err := json.Unmarshal(text, schema); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(schema.Resources) == 0 {
		return nil, fmt.Errorf("%s describes no resource", path)
	}
	return schema, nil
}

// prefix is what the resource types of this provider start with, such as `digitalocean_`.
func (s *providerSchema) prefix() string {
	for name := range s.Resources {
		return name[:strings.Index(name, "_")+1]
	}
	return ""
}

func (c *checker) resources(body *hclsyntax.Body) {
	for _, block := range body.Blocks {
		if len(block.Labels) != 2 || !strings.HasPrefix(block.Labels[0], c.schema.prefix()) {
			continue
		}
		known := c.schema.Resources
		switch block.Type {
		case "resource":
		case "data":
			known = c.schema.DataSources
		default:
			continue
		}
		entry, ok := known[block.Labels[0]]
		if !ok {
			c.report(block.DefRange(), "the provider has no %s %q", block.Type, block.Labels[0])
			continue
		}
		c.judged++
		c.block(block, entry.Block, true)
	}
}

func (c *checker) block(block *hclsyntax.Block, schema schemaBlock, top bool) {
	for name, attribute := range block.Body.Attributes {
		if top && metaArguments[name] {
			continue
		}
		known, ok := schema.Attributes[name]
		switch {
		case !ok:
			c.report(attribute.Range(), "%s has no argument %q", describe(block), name)
		case !known.Required && !known.Optional:
			c.report(attribute.Range(), "%q is computed and cannot be set", name)
		}
	}
	for name, attribute := range schema.Attributes {
		if _, set := block.Body.Attributes[name]; attribute.Required && !set {
			c.report(block.DefRange(), "the required argument %q is missing", name)
		}
	}
	c.nested(block, schema, top)
}

func (c *checker) nested(block *hclsyntax.Block, schema schemaBlock, top bool) {
	count := map[string]int{}
	dynamic := map[string]bool{}
	for _, inner := range block.Body.Blocks {
		if top && metaBlocks[inner.Type] {
			continue
		}
		name, content := inner.Type, inner
		if inner.Type == "dynamic" && len(inner.Labels) == 1 {
			name, content = inner.Labels[0], nil
			dynamic[name] = true
			for _, part := range inner.Body.Blocks {
				if part.Type == "content" {
					content = part
				}
			}
		}
		known, ok := schema.Blocks[name]
		if !ok || content == nil {
			c.report(inner.DefRange(), "no nested block %q belongs here", name)
			continue
		}
		count[name]++
		c.block(content, known.Block, false)
	}
	for _, name := range sortedNames(schema.Blocks) {
		limits := schema.Blocks[name]
		if dynamic[name] {
			continue
		}
		if count[name] < limits.MinItems || (limits.MaxItems > 0 && count[name] > limits.MaxItems) {
			c.report(block.DefRange(), "%d blocks %q, the provider wants %d to %d",
				count[name], name, limits.MinItems, limits.MaxItems)
		}
	}
}

func sortedNames(blocks map[string]schemaNested) []string {
	names := make([]string, 0, len(blocks))
	for name := range blocks {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func describe(block *hclsyntax.Block) string {
	return strings.Join(append([]string{block.Type}, block.Labels...), " ")
}
