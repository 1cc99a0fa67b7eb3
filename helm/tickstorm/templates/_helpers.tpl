{{/* The name of every object of the operator. */}}
{{- define "tickstorm.name" -}}
{{- if contains "tickstorm" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-tickstorm" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}-operator
{{- end }}

{{- define "tickstorm.selector" -}}
app.kubernetes.io/name: tickstorm-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tickstorm.labels" -}}
{{ include "tickstorm.selector" . }}
app.kubernetes.io/part-of: tickstorm
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* An image, from (list . image): by its digest, else by its tag; an empty tag is the chart's appVersion. */}}
{{- define "tickstorm.image" -}}
{{- $root := index . 0 }}{{ $image := index . 1 -}}
{{ $image.repository }}{{ if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default $root.Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "tickstorm.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "tickstorm.name" .) }}
{{- end }}

{{/* What the operator may do where clusters are: what it makes for them, and no more. */}}
{{- define "tickstorm.rules" -}}
- apiGroups: [tickstorm.io]
  resources: [tickstormclusters]
  verbs: [get, list, watch]
- apiGroups: [tickstorm.io]
  resources: [tickstormclusters/status]
  verbs: [get, patch]
# owner references that block the owner's deletion
- apiGroups: [tickstorm.io]
  resources: [tickstormclusters/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [serviceaccounts, configmaps, services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# where the Prometheus operator is installed
- apiGroups: [monitoring.coreos.com]
  resources: [servicemonitors, prometheusrules]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [roles, rolebindings]
  verbs: [get, list, watch, create, patch, delete]
# what the operator gives to the proxies, and so must have itself
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
# why pods do not start; and an annotation on the pods of proxies, by which the kubelet brings them a new configuration at once
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, patch]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- with .Values.rbac.secrets }}
# whether what clusters name is there, and when it is renewed
- apiGroups: [""]
  resources: [secrets]
  {{- if not (has "*" .) }}
  resourceNames: {{ toJson . }}
  {{- end }}
  verbs: [list, watch]
{{- end }}
{{- end }}
