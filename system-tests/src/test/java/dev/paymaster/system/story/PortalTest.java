package dev.paymaster.system.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What somebody does about their subscription, on Stripe's own page. */
class PortalTest implements Scenario {
    private static final Pattern FORM = Pattern.compile(
            "(?s)<form method=\"post\" action=\"([^\"]+)\">.*?name=\"subscription\" value=\"([^\"]+)\"");

    /** Every month has ended by then, and no second one. */
    private static final Duration A_MONTH = Duration.ofDays(31);

    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @Test
    void creditsFollowAPlanThatIsChangedAndThenEnded() {
        Person sender = world.newPerson("Sam");
        world.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        String page = sender.api().post("/api/stripe/portal", "{}").expect(200).text("/url");

        press(page, "Change to pro, $25.00");
        sender.awaitCredits(150, 0);
        world.stripe().advance(A_MONTH);
        sender.awaitCredits(300, 0);

        press(page, "Cancel at the end of the period");
        assertThat(shown(page)).contains("ends on").contains("Keep it");
        world.stripe().advance(A_MONTH);
        world.comesToRest();
        assertThat(sender.credits()).isEqualTo(new Person.Balance(300, 0, 0));
        assertThat(shown(page)).contains("You have none.");

        world.subscribe(sender, "starter");
        sender.awaitCredits(350, 0);
    }

    /** Submits the page's form by the button that says so. */
    private void press(String page, String says) {
        String shown = shown(page);
        Matcher form = FORM.matcher(shown);
        assertThat(form.find()).as("a form in %s", shown).isTrue();
        Matcher button = Pattern.compile(
                        "<button[^>]* name=\"([a-z]+)\" value=\"([^\"]+)\">" + Pattern.quote(says) + "</button>")
                .matcher(shown);
        assertThat(button.find()).as("%s in %s", says, shown).isTrue();
        world.stripe()
                .submit(form.group(1), Map.of("subscription", form.group(2), button.group(1), button.group(2)))
                .expect(303);
    }

    private String shown(String page) {
        return world.stripe().show(page).expect(200).body();
    }
}
