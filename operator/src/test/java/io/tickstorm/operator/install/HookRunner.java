package io.tickstorm.operator.install;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.tickstorm.operator.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Job controller and the kubelet that are missing beside a bare API server, for the Jobs of one namespace: what a Job's container would do is done in a process, with
 * the rights of its account and the ConfigMap that it mounts, and the Job has ended as the process has.
 */
final class HookRunner implements AutoCloseable, Watcher<Job> {
    private final ApiServer server;
    private final KubernetesClient client;
    private final String namespace;
    private final Watch watch;
    private final List<OperatorProcess.Ended> ended = new CopyOnWriteArrayList<>();

    HookRunner(ApiServer server, String namespace) {
        this.server = server;
        this.client = server.client();
        this.namespace = namespace;
        this.watch = client.batch().v1().jobs().inNamespace(namespace).watch(this);
    }

    List<OperatorProcess.Ended> ended() {
        return ended;
    }

    @Override
    public void eventReceived(Action action, Job job) {
        if (action == Action.ADDED) {
            CompletableFuture.runAsync(() -> carryOut(job), Thread::startVirtualThread);
        }
    }

    private void carryOut(Job job) {
        try {
            var done = run(job);
            ended.add(done);
            client.resource(withStatus(job, done.code() == 0)).updateStatus();
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + job.getMetadata().getName(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private OperatorProcess.Ended run(Job job) throws IOException, InterruptedException {
        var pod = job.getSpec().getTemplate().getSpec();
        var container = pod.getContainers().getFirst();
        var mount = container.getVolumeMounts().getFirst();
        var map = client.configMaps()
                .inNamespace(namespace)
                .withName(pod.getVolumes().getFirst().getConfigMap().getName())
                .require();
        var folder = Files.createTempDirectory("mounted-");
        for (var file : map.getData().entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        var arguments = container.getArgs().stream()
                .map(argument -> argument.replaceFirst("^" + mount.getMountPath(), folder.toString()))
                .toArray(String[]::new);
        var environment = Stream.ofNullable(container.getEnv())
                .flatMap(List::stream)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
        var account = OperatorProcess.kubeConfig(server, namespace, pod.getServiceAccountName());
        return OperatorProcess.run(account, environment, arguments);
    }

    /** As the Job controller writes it: the API server holds it to that. */
    private static Job withStatus(Job job, boolean succeeded) {
        var now = Instant.now().toString();
        var status = new JobBuilder(job)
                .withNewStatus()
                .withStartTime(job.getMetadata().getCreationTimestamp())
                .withNewUncountedTerminatedPods()
                .endUncountedTerminatedPods();
        Stream.of(succeeded ? "SuccessCriteriaMet" : "FailureTarget", succeeded ? "Complete" : "Failed")
                .map(type -> new JobConditionBuilder()
                        .withType(type)
                        .withStatus("True")
                        .withReason(succeeded ? "CompletionsReached" : "PodFailurePolicy")
                        .withLastTransitionTime(now)
                        .build())
                .forEach(status::addToConditions);
        if (succeeded) {
            status.withCompletionTime(now).withSucceeded(1);
        } else {
            status.withFailed(1);
        }
        return status.endStatus().build();
    }

    @Override
    public void onClose(WatcherException cause) {
        throw new IllegalStateException("Jobs are seen no more", cause);
    }

    @Override
    public void close() {
        watch.close();
    }
}
