package dev.paymaster.payout.transfer;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Beans for a service that has, or hasn't, been given a secret key of Stripe; a blank key is none. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(WhenStripeIs.KeyCondition.class)
public @interface WhenStripeIs {
    /** True: Stripe is on. */
    boolean on();

    /** Looks for the key. */
    final class KeyCondition implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Map<String, ?> attributes = metadata.getAnnotationAttributes(WhenStripeIs.class.getName());
            boolean isOn = StringUtils.hasText(context.getEnvironment().getProperty("stripe.secret-key"));
            return attributes != null && Boolean.valueOf(isOn).equals(attributes.get("on"));
        }
    }
}
