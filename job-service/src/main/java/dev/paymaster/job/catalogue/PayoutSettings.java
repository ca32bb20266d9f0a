package dev.paymaster.job.catalogue;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What jobs pay when their skill doesn't say.
 *
 * @param centsPerCredit cents of a US dollar for each credit that the job costs
 */
@ConfigurationProperties("payouts")
@Validated
record PayoutSettings(
        // The same number as Skill.DEFAULT_CENTS_PER_CREDIT; above $10,000 per credit it is a slip of the keyboard.
        @DefaultValue("50") @Min(0) @Max(1_000_000) long centsPerCredit) {

    long centsFor(long creditCost) {
        return Math.multiplyExact(creditCost, centsPerCredit);
    }
}
