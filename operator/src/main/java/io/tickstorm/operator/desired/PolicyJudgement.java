package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.ClusterSpec;
import io.tickstorm.operator.crd.NetworkPolicySpec;
import io.tickstorm.operator.crd.NetworkPolicySpec.BackendAccess;
import io.tickstorm.operator.crd.NetworkPolicySpec.Peer;
import io.tickstorm.operator.crd.PodTemplate;
import io.tickstorm.operator.crd.ServiceSpec;
import io.tickstorm.proxy.settings.Problems;
import java.util.List;

/** What does not fit together in what stands around the pods, and in what is said of them. */
final class PolicyJudgement {
    private final Problems problems;

    private PolicyJudgement(Problems problems) {
        this.problems = problems;
    }

    static void judge(ClusterSpec spec, Problems problems) {
        var judgement = new PolicyJudgement(problems);
        judgement.service(spec.loadBalancer().service());
        judgement.policy(spec.networkPolicy());
        judgement.pod("spec.backend.pod", spec.backend().pod());
        judgement.pod("spec.loadBalancer.pod", spec.loadBalancer().pod());
    }

    private void service(ServiceSpec service) {
        var path = "spec.loadBalancer.service";
        var given = service.cloud() != null
                || service.internal() != null
                || service.loadBalancerClass() != null
                || !service.sourceRanges().isEmpty();
        if (given && service.type() != ServiceSpec.Type.LOAD_BALANCER) {
            problem(
                    path + ".type",
                    service.type().word()
                            + " (expected: LoadBalancer, which cloud, internal, loadBalancerClass and sourceRanges belong to)");
        }
        if (service.internal() != null && service.cloud() == null) {
            problem(path + ".cloud", "missing (expected: AWS or Google, in whose words internal is said)");
        }
    }

    private void policy(NetworkPolicySpec policy) {
        var path = "spec.networkPolicy";
        if (!policy.backendClients().isEmpty() && policy.backendAccess() != BackendAccess.PROXIES) {
            problem(
                    path + ".backendAccess",
                    "Anyone (expected: Proxies, since backendClients are those who may reach backends beside them)");
        }
        var clients = policy.clients();
        if (clients != null) {
            if (clients.isEmpty()) {
                problem(path + ".clients", "empty (expected: who may reach the listeners, or nothing for anybody)");
            }
            peers(path + ".clients", clients);
        }
        peers(path + ".backendClients", policy.backendClients());
    }

    private void peers(String path, List<Peer> peers) {
        for (int i = 0; i < peers.size(); i++) {
            var peer = peers.get(i);
            var pods = peer.namespaceSelector() != null || peer.podSelector() != null;
            if (pods == (peer.ipBlock() != null)) {
                problem(
                        path + "[" + i + "]",
                        (pods ? "addresses and pods" : "nobody")
                                + " (expected: either ipBlock, or namespaceSelector and podSelector or one of them)");
            }
        }
    }

    private void pod(String path, PodTemplate pod) {
        PodTemplates.judge(path + ".affinity", pod, problems);
        for (int i = 0; i < pod.tolerations().size(); i++) {
            var toleration = pod.tolerations().get(i);
            var exists = toleration.operator() == PodTemplate.Operator.EXISTS;
            if (toleration.key() == null && !exists) {
                problem(
                        path + ".tolerations[" + i + "].key",
                        "missing (expected: the key of a taint, or operator: Exists for all taints)");
            }
            if (toleration.value() != null && exists) {
                problem(
                        path + ".tolerations[" + i + "].value",
                        "\"" + toleration.value() + "\" (expected: none beside operator Exists)");
            }
        }
    }

    private void problem(String path, String message) {
        problems.add(path, 0, message);
    }
}
