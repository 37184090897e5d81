{{- define "doc-service.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "doc-service.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "doc-service.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "doc-service.selector" -}}
app.kubernetes.io/name: {{ include "doc-service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "doc-service.labels" -}}
{{ include "doc-service.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "doc-service.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "doc-service.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "doc-service.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{/* Variables of every pod, as a mapping. */}}
{{- define "doc-service.settings" -}}
{{- $own := dict
  "DOC_SERVICE_SECRETS_DIR" "/run/secrets"
  "DOC_SERVICE_AUDIT_KEY_FILE" "/run/secrets/audit_key"
  "DOC_SERVICE_SECRET_KEY_FILE" "/run/secrets/secret_key"
  "DOC_SERVICE_TRUST_DIR" "/etc/doc-service/trust"
  "DOC_SERVICE_JOBS" "celery"
  "DOC_SERVICE_HOST" "0.0.0.0"
  "DOC_SERVICE_PORT" "8000"
  "DOC_SERVICE_METRICS_HOST" "0.0.0.0"
  "DOC_SERVICE_METRICS_PORT" "9100"
  "FORWARDED_ALLOW_IPS" "*" -}}
{{- if .Values.archiveCaConfigMap -}}
{{- $_ := set $own "DOC_SERVICE_ARCHIVE_CA_FILE" "/etc/doc-service/ca/ca.crt" -}}
{{- end -}}
{{- range $name, $value := merge $own .Values.settings }}
{{- if ne (toString $value) "" }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the restricted Pod Security Standard asks for, and more. */}}
{{- define "doc-service.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "doc-service.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
capabilities: {drop: [ALL]}
{{- end -}}

{{- define "doc-service.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: data, mountPath: /data}
- {name: secrets, mountPath: /run/secrets, readOnly: true}
- {name: trust, mountPath: /etc/doc-service/trust, readOnly: true}
{{- if .Values.archiveCaConfigMap }}
- {name: ca, mountPath: /etc/doc-service/ca, readOnly: true}
{{- end }}
{{- end -}}

{{- define "doc-service.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: {{ .Values.scratch.tmp }}}
- name: data
  emptyDir: {sizeLimit: {{ .Values.scratch.data }}}
- name: secrets
  secret: {secretName: {{ .Values.existingSecret }}, defaultMode: 0440}
- name: trust
  configMap: {name: {{ .Values.trustConfigMap }}}
{{- if .Values.archiveCaConfigMap }}
- name: ca
  configMap: {name: {{ .Values.archiveCaConfigMap }}}
{{- end }}
{{- end -}}

{{/* Of every pod: account, placement. */}}
{{- define "doc-service.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "doc-service.podSecurity" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Replicas over machines and zones. Call with (dict "root" $ "component" "api"). */}}
{{- define "doc-service.spread" -}}
topologySpreadConstraints:
  {{- range tuple "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "doc-service.selector" $.root | nindent 8 }}
        app.kubernetes.io/component: {{ $.component }}
  {{- end }}
{{- end -}}

{{/* A loop that hangs stops touching the file. */}}
{{- define "doc-service.aliveProbes" -}}
startupProbe:
  exec: {command: [python, /opt/doc-service/healthcheck.py]}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 36
livenessProbe:
  exec: {command: [python, /opt/doc-service/healthcheck.py]}
  periodSeconds: 20
  timeoutSeconds: 10
  failureThreshold: 4
{{- end -}}
