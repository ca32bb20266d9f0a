package dev.paymaster.gateway.users;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who administers, under {@code paymaster}.
 *
 * @param adminKey the administrator's API key; several, separated by commas, while one replaces another
 */
@ConfigurationProperties("paymaster")
record UserSettings(@DefaultValue("") List<String> adminKey) {
    /** What can't be guessed. */
    private static final int MIN_LENGTH = 32;

    UserSettings {
        adminKey = adminKey.stream()
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .toList();
        if (adminKey.isEmpty() || adminKey.stream().anyMatch(key -> key.length() < MIN_LENGTH)) {
            throw new IllegalStateException("PAYMASTER_ADMIN_KEY is missing or shorter than " + MIN_LENGTH
                    + " characters: make one with  openssl rand -hex 32");
        }
    }

    /** Without the keys: they must not get into a log. */
    @Override
    public String toString() {
        return "UserSettings[" + adminKey.size() + " admin keys]";
    }
}
