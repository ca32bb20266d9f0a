package dev.paymaster.gateway.http;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where people's browsers reach this service, under {@code paymaster}.
 *
 * @param publicUrl an origin, with a path after it if a proxy adds one
 */
@ConfigurationProperties("paymaster")
public record PublicUrl(
        @DefaultValue("http://localhost:3000") URI publicUrl) {
    public PublicUrl {
        if (publicUrl.getHost() == null
                || !("http".equals(publicUrl.getScheme()) || "https".equals(publicUrl.getScheme()))) {
            throw new IllegalStateException("PAYMASTER_PUBLIC_URL must be an http or https URL, not " + publicUrl);
        }
    }

    /** The address of one of our own paths, which begins with a slash. */
    public String of(String path) {
        String base = publicUrl.toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }
}
