package dev.paymaster.stripesandbox.state;

import java.util.List;

/**
 * A table of the store. The first group holds Stripe's own objects, by their {@code object} name and id prefix; the
 * second holds what only the sandbox knows and never shows through the API.
 */
public enum Kind {
    CUSTOMER("customer", "cus_"),
    PRODUCT("product", "prod_"),
    PRICE("price", "price_", "/product"),
    CHECKOUT_SESSION("checkout.session", "cs_test_", "/customer", "/subscription", "/status"),
    SUBSCRIPTION("subscription", "sub_", "/customer"),
    INVOICE("invoice", "in_", "/customer", "/parent/subscription_details/subscription", "/status"),
    INVOICE_ITEM("invoiceitem", "ii_", "/customer", "/invoice"),
    CREDIT_NOTE("credit_note", "cn_", "/invoice"),
    COUPON("coupon", ""),
    DISCOUNT("discount", "di_"),
    INVOICE_LINE("line_item", "il_", "/invoice"),
    INVOICE_PAYMENT("invoice_payment", "inpay_", "/invoice", "/payment/payment_intent"),
    PAYMENT_INTENT("payment_intent", "pi_", "/customer"),
    PAYMENT_METHOD("payment_method", "pm_", "/customer"),
    CHARGE("charge", "ch_", "/payment_intent"),
    REFUND("refund", "re_", "/charge", "/payment_intent"),
    DISPUTE("dispute", "du_", "/charge", "/payment_intent"),
    BALANCE_TRANSACTION("balance_transaction", "txn_", "/source"),
    ACCOUNT("account", "acct_"),
    TRANSFER("transfer", "tr_", "/destination", "/transfer_group"),
    TRANSFER_REVERSAL("transfer_reversal", "trr_", "/transfer"),
    TEST_CLOCK("test_helpers.test_clock", "clock_"),
    EVENT("event", "evt_", "/account"),
    WEBHOOK_ENDPOINT("webhook_endpoint", "we_"),
    PORTAL_SESSION("billing_portal.session", "bps_"),

    /** What only Accounts v2 knows of an account, under the account's id. */
    ACCOUNT_V2("sandbox.account_v2", ""),
    /** What a Checkout session was asked for and does not show: its lines and the data of its subscription. */
    CHECKOUT_ORDER("sandbox.checkout_order", "order_"),
    /** The price that a subscription has from its next period on, under the subscription's id. */
    PLANNED_CHANGE("sandbox.planned_change", ""),
    /** An account link or a visit to its page: the token in the URL, the account, where to return. */
    ONBOARDING("sandbox.onboarding", ""),
    /** A webhook endpoint's signing secret, under the endpoint's id. */
    WEBHOOK_SECRET("sandbox.webhook_secret", ""),
    /** One event on its way to one endpoint, with the log of its attempts. */
    DELIVERY("sandbox.delivery", "dlv_", "/event", "/endpoint"),
    /** The saved answer of a request, under its idempotency key. */
    IDEMPOTENCY("sandbox.idempotency", ""),
    /** Single values: how far the clock was moved, the platform's balance. */
    SETTING("sandbox.setting", "");

    private final String object;
    private final String prefix;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> indexes;

    Kind(String object, String prefix, String... indexes) {
        this.object = object;
        this.prefix = prefix;
        this.indexes = List.of(indexes);
    }

    /** The value of the object's {@code object} field, or a name of the sandbox's own. */
    public String object() {
        return object;
    }

    public String prefix() {
        return prefix;
    }

    /** JSON pointers of the fields by which the store looks documents up without reading the whole table. */
    List<String> indexes() {
        return indexes;
    }
}
