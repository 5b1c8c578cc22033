// Command oracle asks the real Helm.
//
// It reads one case a line on standard input (value files, --set strings, a chart as a map of files) and
// answers one line each: the user-supplied values, the values a template sees, both with their Go types, and
// the text that templates print for them; or the error. The Rust tests compare their own answers with these.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/cli/values"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/getter"
)

// request is one case. File contents are base64 because they need not be UTF-8.
type request struct {
	ValueFiles [][]byte          `json:"valueFiles"`
	Set        []string          `json:"set"`
	SetString  []string          `json:"setString"`
	SetFile    []string          `json:"setFile"`
	Files      map[string][]byte `json:"files"`
	Chart      map[string][]byte `json:"chart"`
	// Text asks for what templates print.
	Text bool `json:"text"`
}

type answer struct {
	// Error and Stage are set when Helm refuses: values, chart, dependencies, render.
	Error    string              `json:"error,omitempty"`
	Stage    string              `json:"stage,omitempty"`
	User     json.RawMessage     `json:"user,omitempty"`
	Computed json.RawMessage     `json:"computed,omitempty"`
	YAML     string              `json:"yaml,omitempty"`
	JSON     string              `json:"json,omitempty"`
	Leaves   []leaf              `json:"leaves,omitempty"`
	Enabled  []string            `json:"enabled,omitempty"`
}

// leaf is what a template prints for one path; the path is the typed form of its segments.
type leaf struct {
	Path []any  `json:"path"`
	Text string `json:"text"`
}

func main() {
	log.SetOutput(io.Discard)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			encoded, failure := json.Marshal(answerLine(line))
			if failure != nil {
				fmt.Fprintln(os.Stderr, failure)
				os.Exit(1)
			}
			out.Write(encoded)
			out.WriteByte('\n')
			if in.Buffered() == 0 {
				out.Flush()
			}
		}
		if err != nil {
			out.Flush()
			return
		}
	}
}

func answerLine(line []byte) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Error: fmt.Sprint(problem), Stage: "panic"}
		}
	}()
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error(), Stage: "request"}
	}
	return ask(asked)
}

func ask(asked request) (result answer) {
	user, err := userValues(asked)
	if err != nil {
		return answer{Error: err.Error(), Stage: "values"}
	}
	result.User = typed(user)
	files := asked.Chart
	if files == nil {
		files = map[string][]byte{"Chart.yaml": []byte("apiVersion: v2\nname: c\nversion: 1.0.0\n")}
	}
	loaded, err := load(files)
	if err != nil {
		return answer{Error: err.Error(), Stage: "chart"}
	}
	if err := chartutil.ProcessDependenciesWithMerge(loaded, user); err != nil {
		return answer{Error: err.Error(), Stage: "dependencies"}
	}
	top, err := chartutil.ToRenderValues(loaded, user, chartutil.ReleaseOptions{Name: "r"}, nil)
	if err != nil {
		return answer{Error: err.Error(), Stage: "dependencies"}
	}
	computed := top["Values"].(chartutil.Values)
	result.Computed = typed(map[string]any(computed))
	result.Enabled = enabled(loaded, "")
	sort.Strings(result.Enabled)
	if asked.Text {
		if err := printed(&result, computed); err != nil {
			return answer{Error: err.Error(), Stage: "render"}
		}
	}
	return result
}

// memory serves value files by number, so that no case touches the disk.
type memory struct{ asked request }

func (m memory) Get(url string, _ ...getter.Option) (*bytes.Buffer, error) {
	name := strings.TrimPrefix(url, "mem:")
	if at, err := strconv.Atoi(name); err == nil {
		return bytes.NewBuffer(m.asked.ValueFiles[at]), nil
	}
	if data, ok := m.asked.Files[name]; ok {
		return bytes.NewBuffer(data), nil
	}
	return nil, fmt.Errorf("no file %q", name)
}

func userValues(asked request) (map[string]any, error) {
	options := values.Options{Values: asked.Set, StringValues: asked.SetString, FileValues: asked.SetFile}
	for at := range asked.ValueFiles {
		options.ValueFiles = append(options.ValueFiles, fmt.Sprintf("mem:%d", at))
	}
	provider := getter.Provider{
		Schemes: []string{"mem"},
		New:     func(...getter.Option) (getter.Getter, error) { return memory{asked}, nil },
	}
	return options.MergeValues(getter.Providers{provider})
}

func load(files map[string][]byte) (*chart.Chart, error) {
	var buffered []*loader.BufferedFile
	for name, data := range files {
		buffered = append(buffered, &loader.BufferedFile{Name: name, Data: data})
	}
	sort.Slice(buffered, func(i, j int) bool { return buffered[i].Name < buffered[j].Name })
	return loader.LoadFiles(buffered)
}

// enabled lists the subcharts that are left, by their keys from the root.
func enabled(c *chart.Chart, above string) []string {
	names := []string{}
	for _, d := range c.Dependencies() {
		name := above + d.Name()
		names = append(names, name)
		names = append(names, enabled(d, name+"/")...)
	}
	return names
}

const separator = "\x1e"

func printed(result *answer, computed chartutil.Values) error {
	paths := leafPaths(map[string]any(computed), nil)
	var template strings.Builder
	template.WriteString("{{ toYaml .Values }}" + separator + "{{ toJson .Values }}")
	for _, path := range paths {
		template.WriteString(separator + expression(path))
	}
	c := &chart.Chart{
		Metadata:  &chart.Metadata{Name: "c", Version: "1.0.0", APIVersion: "v2"},
		Templates: []*chart.File{{Name: "templates/x", Data: []byte(template.String())}},
	}
	rendered, err := engine.Render(c, chartutil.Values{"Values": computed})
	if err != nil {
		return err
	}
	parts := strings.Split(rendered["c/templates/x"], separator)
	if len(parts) != len(paths)+2 {
		return nil // a value holds the separator itself
	}
	result.YAML, result.JSON = parts[0], parts[1]
	for at, path := range paths {
		result.Leaves = append(result.Leaves, leaf{Path: path, Text: parts[at+2]})
	}
	return nil
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expression is what a chart's author would write; `index` is needed where a key is no identifier.
func expression(path []any) string {
	plain := true
	for _, segment := range path {
		key, ok := segment.(string)
		plain = plain && ok && identifier.MatchString(key)
	}
	if plain {
		names := []string{"{{ .Values"}
		for _, segment := range path {
			names = append(names, segment.(string))
		}
		return strings.Join(names, ".") + " }}"
	}
	var out strings.Builder
	out.WriteString("{{ index .Values")
	for _, segment := range path {
		switch segment := segment.(type) {
		case string:
			out.WriteString(" " + strconv.Quote(segment))
		case int:
			out.WriteString(" " + strconv.Itoa(segment))
		}
	}
	return out.String() + " }}"
}

// leafPaths lists scalars, lists and empty maps; a list is printed whole and then item by item.
func leafPaths(value any, path []any) [][]any {
	var paths [][]any
	switch value := value.(type) {
	case map[string]any:
		keys := make([]string, 0, len(value))
		for key := range value {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		for _, key := range keys {
			paths = append(paths, leafPaths(value[key], append(path[:len(path):len(path)], key))...)
		}
		if len(value) == 0 && len(path) > 0 {
			paths = append(paths, path)
		}
	case []any:
		paths = append(paths, path)
		for at, item := range value {
			paths = append(paths, leafPaths(item, append(path[:len(path):len(path)], at))...)
		}
	default:
		paths = append(paths, path)
	}
	return paths
}

// typed writes a value so that no type is lost: {"f": "1.5"}, {"i": "5"}, {"m": {...}}.
func typed(value any) json.RawMessage {
	var out bytes.Buffer
	write(&out, value)
	return out.Bytes()
}

func write(out *bytes.Buffer, value any) {
	switch value := value.(type) {
	case map[string]any:
		writeMap(out, value)
	case chartutil.Values:
		writeMap(out, value)
	case []any:
		out.WriteByte('[')
		for at, item := range value {
			if at > 0 {
				out.WriteByte(',')
			}
			write(out, item)
		}
		out.WriteByte(']')
	case float64:
		fmt.Fprintf(out, `{"f":%q}`, strconv.FormatFloat(value, 'g', -1, 64))
	case int64:
		fmt.Fprintf(out, `{"i":"%d"}`, value)
	case nil, bool, string:
		encoded, _ := json.Marshal(value)
		out.Write(encoded)
	default:
		encoded, _ := json.Marshal(fmt.Sprintf("%T", value))
		fmt.Fprintf(out, `{"other":%s}`, encoded)
	}
}

func writeMap(out *bytes.Buffer, value map[string]any) {
	out.WriteString(`{"m":{`)
	keys := make([]string, 0, len(value))
	for key := range value {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for at, key := range keys {
		if at > 0 {
			out.WriteByte(',')
		}
		encoded, _ := json.Marshal(key)
		out.Write(encoded)
		out.WriteByte(':')
		write(out, value[key])
	}
	out.WriteString(`}}`)
}
