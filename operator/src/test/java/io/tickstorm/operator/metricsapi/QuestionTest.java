package io.tickstorm.operator.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTest {
    private static final String GROUP = "/apis/custom.metrics.k8s.io";

    @Test
    void pathsAreReadAsAutoscalersWriteThem() {
        assertThat(Question.of(GROUP)).isEqualTo(new Question.Group());
        assertThat(Question.of(GROUP + "/v1beta1")).isEqualTo(new Question.Resources("v1beta1"));
        assertThat(Question.of(GROUP + "/v1beta2/namespaces/shop/pods/%2A/a%2Bb+c"))
                .isEqualTo(new Question.Metric("v1beta2", "shop", "pods", "*", "a+b+c"));
        assertThat(Question.of(GROUP + "/v1beta2/namespaces/shop/pods/web-1/m"))
                .isEqualTo(new Question.Metric("v1beta2", "shop", "pods", "web-1", "m"));
        assertThat(Question.of(GROUP + "/v1beta2/nodes/*/m"))
                .isEqualTo(new Question.Metric("v1beta2", "", "nodes", "*", "m"));
    }

    @Test
    void theApiServerAsksForDocumentation() {
        assertThat(Question.of("/openapi/v2")).isEqualTo(new Question.Documentation());
        assertThat(Question.of("/openapi/v3")).isEqualTo(new Question.Descriptions());
        assertThat(Question.of("/openapi/v3/apis/custom.metrics.k8s.io/v1beta1"))
                .isEqualTo(new Question.Description("v1beta1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "/",
                "/apis",
                "/apis/apps/v1",
                "/openapi/v1",
                "/openapi/v3/apis/custom.metrics.k8s.io/v1",
                "x/apis/custom.metrics.k8s.io",
                GROUP + "/v1",
                GROUP + "/v1beta2/",
                GROUP + "/v1beta2/namespaces//pods/*/m",
                GROUP + "/v1beta2/namespaces/shop/pods/%zz/m",
                GROUP + "/v1beta2/namespaces/shop/pods/web-1/m/more"
            })
    void anythingElseIsNothing(String path) {
        assertThat(Question.of(path)).isEqualTo(new Question.Nothing());
    }
}
