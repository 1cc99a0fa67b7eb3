package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            422 | Service "demo-proxy" is invalid: spec.ports[0].nodePort: Invalid value: 30081: provided port is already allocated           | NodePortTaken        | free it, or name another one
            422 | Service "demo-proxy" is invalid: spec.ports[0].nodePort: Invalid value: 31000: provided port is not in the valid range     | NodePortOutOfRange   | leave it out for a free one
            422 | Service "demo-proxy" is invalid: spec.loadBalancerClass: Invalid value: "b": may not change once set                       | Immutable            | delete the object
            403 | services "demo-proxy" is forbidden: exceeded quota: team, requested: services=1, used: services=5, limited: services=5     | QuotaExceeded        | raise the ResourceQuota
            403 | services "demo-proxy" is forbidden: unable to create new content in namespace shop because it is being terminated          | NamespaceTerminating | nothing can be made in it
            403 | services "demo-proxy" is forbidden: User "system:serviceaccount:ops:tickstorm-operator" cannot patch resource "services"   | Forbidden            | its ClusterRole or Role
            400 | admission webhook "no-node-ports" denied the request: use a gateway                                                          | PolicyRefused        | change what the policy objects to
            500 | etcdserver: request timed out                                                                                                | ApplyFailed          | etcdserver
            """)
    void theServersWordsComeWithWhatToDo(int code, String message, String reason, String todo) {
        var service = new ServiceBuilder()
                .withNewMetadata()
                .withName("demo-proxy")
                .endMetadata()
                .build();
        var status = new StatusBuilder().withCode(code).withMessage(message).build();

        var trouble = Refusal.of(service, new KubernetesClientException(status));

        assertThat(trouble.reason()).isEqualTo(reason);
        assertThat(trouble.message()).contains(message, todo);
    }
}
