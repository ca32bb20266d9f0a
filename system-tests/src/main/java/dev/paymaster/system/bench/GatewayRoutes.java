package dev.paymaster.system.bench;

import dev.paymaster.standalone.Service;
import dev.paymaster.standalone.Standalone;
import java.net.URI;
import java.util.Arrays;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/**
 * Adds a reference to the running gateway, so that it is served by the very same server: the same filters, the same
 * authentication, the same JSON.
 */
final class GatewayRoutes {
    private final Standalone standalone;

    GatewayRoutes(Standalone standalone) {
        this.standalone = standalone;
    }

    /** Adds a method of a controller, by its name, as {@code POST path}; returns where it is. */
    URI post(String path, Object controller, String method) {
        ConfigurableApplicationContext gateway = standalone.context(Service.GATEWAY);
        RequestMappingHandlerMapping mappings =
                gateway.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        RequestMappingInfo.BuilderConfiguration options = new RequestMappingInfo.BuilderConfiguration();
        options.setPatternParser(mappings.getPathPatternParser());
        mappings.registerMapping(
                RequestMappingInfo.paths(path)
                        .methods(RequestMethod.POST)
                        .options(options)
                        .build(),
                controller,
                Arrays.stream(controller.getClass().getDeclaredMethods())
                        .filter(each -> each.getName().equals(method))
                        .findFirst()
                        .orElseThrow());
        return standalone.url().resolve(path);
    }
}
