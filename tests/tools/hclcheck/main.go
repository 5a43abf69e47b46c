// Command hclcheck reads OpenTofu files with HashiCorp's own HCL library, so that the tree which
// seance renders is judged by a parser that seance does not contain.
//
//	hclcheck [-schema provider.json] FOLDER    checks every .tf, .tofu and .tfvars file
//	hclcheck -decode FILE.tfvars               prints the values as JSON
//
// It exits 1 when anything is wrong and 2 on a wrong call or when a folder holds no file to check.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, out, problems io.Writer) int {
	flags := flag.NewFlagSet("hclcheck", flag.ContinueOnError)
	flags.SetOutput(problems)
	schemaPath := flags.String("schema", "", "provider schema that resources and data sources must fit")
	decode := flags.Bool("decode", false, "print the values of one .tfvars file as JSON")
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		fmt.Fprintln(problems, "usage: hclcheck [-schema FILE] FOLDER | hclcheck -decode FILE")
		return 2
	}
	if *decode {
		return printValues(flags.Arg(0), out, problems)
	}
	checker := &checker{}
	if *schemaPath != "" {
		schema, err := readSchema(*schemaPath)
		if err != nil {
			fmt.Fprintln(problems, err)
			return 2
		}
		checker.schema = schema
	}
	if err := checker.folder(flags.Arg(0)); err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	for _, problem := range checker.problems {
		fmt.Fprintln(problems, problem)
	}
	fmt.Fprintf(out, "%d files, %d blocks held against the provider schema, %d problems\n",
		checker.files, checker.judged, len(checker.problems))
	if len(checker.problems) > 0 {
		return 1
	}
	return 0
}

type checker struct {
	schema   *providerSchema
	problems []string
	files    int
	judged   int
}

func (c *checker) report(place hcl.Range, format string, values ...any) {
	c.problems = append(c.problems, fmt.Sprintf("%s: %s", place, fmt.Sprintf(format, values...)))
}

func (c *checker) folder(root string) error {
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); path != root && (name == ".terraform" || name == ".git") {
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(path) {
		case ".tf", ".tofu", ".tfvars":
			return c.file(path)
		}
		return nil
	})
	if err == nil && c.files == 0 {
		err = fmt.Errorf("%s holds no .tf, .tofu or .tfvars file", root)
	}
	return err
}

func (c *checker) file(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	c.files++
	file, diagnostics := hclsyntax.ParseConfig(text, path, hcl.InitialPos)
	for _, diagnostic := range diagnostics {
		c.problems = append(c.problems, diagnostic.Error())
	}
	if diagnostics.HasErrors() {
		return nil
	}
	// This formatter is the engine of `tofu fmt`.
	if formatted := hclwrite.Format(text); !bytes.Equal(formatted, text) {
		line := firstDifference(text, formatted)
		c.problems = append(c.problems, fmt.Sprintf("%s:%d: not in canonical format", path, line))
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return fmt.Errorf("%s: not native HCL syntax", path)
	}
	if filepath.Ext(path) == ".tfvars" {
		if _, diagnostics := values(body); diagnostics.HasErrors() {
			c.problems = append(c.problems, diagnostics.Error())
		}
		return nil
	}
	if c.schema != nil {
		c.resources(body)
	}
	return nil
}

func firstDifference(left, right []byte) int {
	a, b := bytes.Split(left, []byte("\n")), bytes.Split(right, []byte("\n"))
	for i := range a {
		if i >= len(b) || !bytes.Equal(a[i], b[i]) {
			return i + 1
		}
	}
	return len(a)
}

// values evaluates a .tfvars body as OpenTofu does: no variables and no functions.
func values(body *hclsyntax.Body) (map[string]cty.Value, hcl.Diagnostics) {
	attributes, diagnostics := body.JustAttributes()
	result := make(map[string]cty.Value, len(attributes))
	for name, attribute := range attributes {
		value, more := attribute.Expr.Value(nil)
		diagnostics = append(diagnostics, more...)
		result[name] = value
	}
	return result, diagnostics
}

func printValues(path string, out, problems io.Writer) int {
	text, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	encoded, err := decodeValues(text, path)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 1
	}
	fmt.Fprintf(out, "%s\n", encoded)
	return 0
}

func decodeValues(text []byte, path string) ([]byte, error) {
	file, diagnostics := hclsyntax.ParseConfig(text, path, hcl.InitialPos)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return nil, errors.New("not native HCL syntax")
	}
	decoded, diagnostics := values(body)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	object := cty.ObjectVal(decoded)
	return ctyjson.Marshal(object, object.Type())
}
