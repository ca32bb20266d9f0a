package dev.paymaster.system.world;

import dev.paymaster.gateway.GatewayApplication;
import dev.paymaster.standalone.Service;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.boot.Banner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** A second gateway of a world, with the first one's settings, but for some. */
public final class AnotherGateway implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final Api admin;

    private AnotherGateway(ConfigurableApplicationContext context, String adminKey) {
        this.context = context;
        this.admin = new Api(
                URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")), adminKey);
    }

    /** Starts it, on a port of its own. */
    public static AnotherGateway of(World world, Map<String, String> settings) {
        Map<String, String> all = settingsOf(world.standalone().context(Service.GATEWAY));
        all.putAll(Map.of("server.port", "0", "management.server.port", "0"));
        all.putAll(settings);
        String[] arguments = all.entrySet().stream()
                .map(each -> "--" + each.getKey() + "=" + each.getValue())
                .toArray(String[]::new);
        return new AnotherGateway(
                GatewayApplication.application()
                        .bannerMode(Banner.Mode.OFF)
                        .registerShutdownHook(false)
                        .run(arguments),
                world.standalone().adminKey());
    }

    private static Map<String, String> settingsOf(ConfigurableApplicationContext gateway) {
        PropertySource<?> arguments =
                gateway.getEnvironment().getPropertySources().get("commandLineArgs");
        Map<String, String> settings = new TreeMap<>();
        for (String name : ((EnumerablePropertySource<?>) Objects.requireNonNull(arguments)).getPropertyNames()) {
            settings.put(name, String.valueOf(arguments.getProperty(name)));
        }
        return settings;
    }

    public Api admin() {
        return admin;
    }

    @Override
    public void close() {
        context.close();
    }
}
