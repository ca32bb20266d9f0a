package dev.paymaster.system.chaos;

import dev.paymaster.system.chaos.Journal.Joined;
import dev.paymaster.system.proof.Rule;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.StripeControl;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether those who were made while things broke are there: each key opens the door for its user, and its account is Stripe's. */
final class Newcomers {
    private static final int OK = 200;

    private Newcomers() {}

    /** The rule and where it is broken; empty when it holds. */
    static String broken(Map<String, Joined> joined, Api door, StripeControl stripe) {
        List<String> wrong = new ArrayList<>();
        joined.forEach((key, told) -> {
            String known = userOf(door.as(key));
            if (!known.equals(told.user())) {
                wrong.add("a key of " + told.user() + " is answered " + known);
            }
            String owner = ownerOf(told.account(), stripe);
            if (!owner.equals(told.user())) {
                wrong.add("account " + told.account() + " of " + told.user() + " is at Stripe that of " + owner);
            }
        });
        return Rule.broken("who was made is there, with each key and with the account", wrong);
    }

    private static String userOf(Api api) {
        try {
            Answer answer = api.get("/api/whoami");
            return answer.status() == OK ? answer.text("/user/id") : answer.toString();
        } catch (UncheckedIOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String ownerOf(String account, StripeControl stripe) {
        try {
            return stripe.fetch("/v1/accounts/" + account)
                    .at("/metadata/user_id")
                    .asString("nobody");
        } catch (Answer.Unexpected e) {
            return String.valueOf(e.getMessage());
        }
    }
}
