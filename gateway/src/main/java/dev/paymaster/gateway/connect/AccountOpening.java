package dev.paymaster.gateway.connect;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Account;
import com.stripe.net.RequestOptions;
import dev.paymaster.gateway.users.Caller;
import java.time.Instant;

/**
 * How a connected account is opened: Stripe has two APIs for it. What an account is afterwards, and how it is paid, is the same,
 * and Accounts v1 shows both (docs.stripe.com/connect/accounts-v2). Thread-safe; may block.
 */
interface AccountOpening {
    /** The metadata by which whatever Stripe tells of an account finds its user. */
    String USER_ID = "user_id";

    /** A page of Stripe's on which a person enters details; it opens once, until it expires. */
    record Link(String url, Instant expiresAt) {}

    /** The user's account as v1 shows it; the same one while the key of the options is the same. */
    Account create(StripeClient client, Caller caller, RequestOptions options) throws StripeException;

    Link link(StripeClient client, String accountId, String refreshUrl, String returnUrl) throws StripeException;
}
