package dev.paymaster.system.life;

import dev.paymaster.system.world.Person.Balance;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** One thing that happens in a life, or that must be so by then. */
sealed interface Step {
    String says();

    /** Somebody does something, here or at Stripe. */
    record Act(String says, Consumer<Customer> action) implements Step {}

    /** Time passes at Stripe. */
    record Days(String says, int days) implements Step {}

    /** What Stripe has to tell of the life from now on is told otherwise. */
    record Told(String says, UnaryOperator<ObjectNode> change) implements Step {}

    /** The invoices of the life from now on are going to be refused as they are told. */
    record Refused(String says) implements Step {}

    /** Stripe tells nothing of such objects of the life from now on. */
    record Untold(String says, String object) implements Step {}

    /**
     * All that has happened is told by Stripe, in some order; then this must be the balance, and what was paid for the jobs.
     *
     * @param payouts how many their receiver has, by status and reason
     * @param cents what the receiver has got by then
     */
    record Has(String says, Balance balance, Map<String, Integer> payouts, long cents) implements Step {
        Has pays(int count, String status, long got) {
            return pays(Map.of(status, count), got);
        }

        Has pays(Map<String, Integer> paid, long got) {
            return new Has(says + ", pays " + paid + ", in all " + got, balance, paid, got);
        }
    }
}
