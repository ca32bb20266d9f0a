package dev.paymaster.job.catalogue;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The catalogue in the settings.
 *
 * @param skills replaces the default skills, unless empty
 */
@ConfigurationProperties("paymaster")
@Validated
record CatalogueSettings(@DefaultValue List<@Valid SkillSettings> skills) {

    /**
     * One skill.
     *
     * @param creditCost whole credits
     * @param payoutCents what the receiver gets, in cents of a US dollar; absent: by {@link PayoutSettings}
     */
    record SkillSettings(
            @NotBlank String name,
            @Min(1) @Max(MAX_COST) long creditCost,
            @Min(0) @Max(MAX_PAYOUT_CENTS) @Nullable Long payoutCents) {
        /** A slip of the keyboard stops here, far below overflow. */
        private static final long MAX_COST = 1_000_000;

        /** The largest amount that Stripe takes in US dollars: eight digits. */
        private static final long MAX_PAYOUT_CENTS = 99_999_999;
    }
}
