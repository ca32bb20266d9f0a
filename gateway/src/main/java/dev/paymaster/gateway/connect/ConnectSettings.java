package dev.paymaster.gateway.connect;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How receivers' accounts are opened at Stripe, under {@code connect}. Accounts that are there already stay as they are.
 *
 * @param api by Accounts v1 as Express accounts, or by Accounts v2 as recipients
 * @param country of the accounts that are opened by v2, as ISO 3166 has it; v1 takes the platform's own
 */
@ConfigurationProperties("connect")
record ConnectSettings(
        @DefaultValue("v1") Api api, @DefaultValue("us") String country) {
    enum Api {
        V1,
        V2
    }

    AccountOpening opening() {
        return switch (api) {
            case V1 -> new ExpressAccounts();
            case V2 -> new RecipientAccounts(country);
        };
    }
}
