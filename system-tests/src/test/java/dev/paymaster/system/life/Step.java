package dev.paymaster.system.life;

import dev.paymaster.system.world.Person.Balance;
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

    /** All that has happened is told by Stripe, in some order; then this must be the balance. */
    record Has(String says, Balance balance) implements Step {}
}
