package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document is written by hand; this keeps it beside the code. */
class ContractTest {
    @Test
    void describesExactlyTheCallsThatThereAre() {
        try (RunningGateway gateway = RunningGateway.start("gateway_contract", EmbeddedBroker.shared())) {
            JsonNode contract =
                    new Http(gateway.url(), "none").get("/openapi.json").body();

            assertThat(contract.path("openapi").asString()).startsWith("3.1");
            assertThat(described(contract)).isEqualTo(served(gateway));
        }
    }

    private static Set<String> described(JsonNode contract) {
        Set<String> calls = new TreeSet<>();
        contract.path("paths")
                .forEachEntry((path, methods) -> methods.propertyNames().stream()
                        .filter(name ->
                                Set.of("get", "post", "put", "delete", "patch").contains(name))
                        .forEach(method -> calls.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));
        return calls;
    }

    private static Set<String> served(RunningGateway gateway) {
        // A filter, not a controller: WebhookTest shows that it is served.
        Set<String> calls = new TreeSet<>(Set.of("POST /api/stripe/webhook"));
        gateway.context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, handler) -> {
                    if (handler.getBeanType().getPackageName().startsWith("dev.paymaster")) {
                        mapping.getPatternsCondition()
                                .getPatterns()
                                .forEach(path -> mapping.getMethodsCondition()
                                        .getMethods()
                                        .forEach(method -> calls.add(method + " " + path.getPatternString())));
                    }
                });
        return calls;
    }
}
