package io.tickstorm.operator.crd;

import java.util.LinkedHashMap;
import java.util.Map;

/** The definition as a template of the chart: installed and upgraded with it, and kept when it is uninstalled unless told otherwise. */
final class CrdChart {
    private CrdChart() {}

    static String template(Map<String, Object> tree) {
        var body = new LinkedHashMap<>(tree);
        body.remove("apiVersion");
        body.remove("kind");
        body.remove("metadata");
        return """
                {{- /* Generated from io.tickstorm.operator.crd by: make crd */}}
                {{- if .Values.crds.enabled }}
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata:
                  name: tickstormclusters.tickstorm.io
                  labels:
                    {{- include "tickstorm.labels" . | nindent 4 }}
                  {{- if .Values.crds.keep }}
                  annotations:
                    helm.sh/resource-policy: keep
                  {{- end }}
                """ + CrdManifest.yaml(body) + "{{- end }}\n";
    }
}
