package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Who pays a Checkout session: a customer whom it names, one who is made then, or a guest. */
final class Buyers {
    private final Store store;
    private final Customers customers;

    Buyers(Store store, Customers customers) {
        this.store = store;
        this.customers = customers;
    }

    /** Whoever pays once may stay a guest: Stripe's {@code customer_creation} is {@code if_required} by default. */
    @Nullable
    ObjectNode customer(ObjectNode session, @Nullable String email, boolean required) {
        String known = Json.text(session, "customer");
        if (known != null) {
            return store.get(Kind.CUSTOMER, known);
        }
        if (!required && !"always".equals(Json.text(session, "customer_creation"))) {
            return null;
        }
        String prefilled = Json.text(session, "customer_email");
        return customers.create(prefilled == null ? email : prefilled);
    }

    static ObjectNode guest(ObjectNode session, @Nullable String email) {
        String prefilled = Json.text(session, "customer_email");
        return Shapes.of("customer").put("email", prefilled == null ? email : prefilled);
    }

    /** What a session shows of who paid. */
    static ObjectNode details(ObjectNode customer) {
        ObjectNode details = Json.object().putNull("business_name").putNull("individual_name");
        for (String field : List.of("address", "email", "name", "phone", "tax_exempt")) {
            details.set(field, customer.required(field));
        }
        details.putArray("tax_ids");
        return details;
    }
}
