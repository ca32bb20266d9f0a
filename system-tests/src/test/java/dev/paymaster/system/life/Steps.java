package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.life.Step.Act;
import dev.paymaster.system.life.Step.Days;
import dev.paymaster.system.life.Step.Has;
import dev.paymaster.system.life.Step.Refused;
import dev.paymaster.system.life.Step.Told;
import dev.paymaster.system.life.Step.Untold;
import dev.paymaster.system.world.Person.Balance;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The words of which rows are made. Invoices are numbered from 1, amounts are cents. */
final class Steps {
    static final String STARTER = "price_paymaster_starter";
    static final String PRO = "price_paymaster_pro";
    static final String TEAM = "price_paymaster_team";
    /** Something else that is sold at the same Stripe. */
    static final String EXTRA = "price_paymaster_extra";

    /** A tier's, in euros. */
    static final String EURO = "price_paymaster_euro";

    private static final String CAN_NOT_BE_CHARGED = "4000000000000341";

    private Steps() {}

    static Step subscribes(String tier) {
        return new Act("subscribes to " + tier, customer -> customer.subscribe(tier));
    }

    static Step subscribesByBank(String tier) {
        return new Act("subscribes to " + tier + " by bank", customer -> customer.subscribeByBank(tier));
    }

    static Step balanceIsFilled(long cents) {
        return new Act(cents + " are put on the balance by hand", customer -> customer.fillBalance(cents));
    }

    static Step subscribesAtStripe(String form) {
        return new Act("subscribes at Stripe: " + form, customer -> customer.subscribeAtStripe(form));
    }

    static Step subscribesWithCoupon(String tier, int percent) {
        return new Act(
                "subscribes to " + tier + " with a coupon of " + percent + " %",
                customer -> customer.subscribeWithCoupon("items[0][price]=" + price(tier), percent));
    }

    static Step subscribesUnderACoupon(String tier, int percent) {
        return new Act(
                "subscribes to " + tier + " under a coupon of " + percent + " %",
                customer -> customer.subscribeUnderACoupon("items[0][price]=" + price(tier), percent));
    }

    /** The form's first items: so many of a price that Paymaster doesn't know. */
    static String extras(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "items[%d][price]=%s".formatted(number, EXTRA))
                .collect(Collectors.joining("&"));
    }

    static Step subscribesByInvoice(String tier) {
        return new Act(
                "subscribes to " + tier + ", and is sent invoices",
                customer -> customer.subscribeAtStripe(
                        "items[0][price]=" + price(tier) + "&collection_method=send_invoice&days_until_due=30"));
    }

    static Step strangerSubscribes(String tier) {
        return new Act(
                "somebody subscribes of whom nothing says who they are",
                customer -> customer.subscribeUnknown("items[0][price]=price_paymaster_" + tier));
    }

    static Step customerIsNotToldOf() {
        return new Untold("of the customer Stripe tells nothing", "customer");
    }

    static Step subscribesByTheCustomersMetadata(String tier) {
        return new Act("somebody subscribes of whom only the customer says who they are", customer -> {
            customer.appearAtStripe();
            customer.subscribeUnknown("items[0][price]=" + price(tier));
        });
    }

    static Step becomesKnown() {
        return new Act("it gets known whose that is", Customer::becomeKnown);
    }

    static Step upgradesAtOnce(String tier) {
        return new Act("upgrades to " + tier + ", invoiced at once", customer -> customer.change(price(tier), "now"));
    }

    static Step upgradesOnTheNextInvoice(String tier) {
        return new Act(
                "upgrades to " + tier + ", billed with the next invoice",
                customer -> customer.reprice(price(tier), "create_prorations"));
    }

    static Step passesThroughOnTheNextInvoice(String tier, String back) {
        return new Act(
                "goes to " + tier + " and back to " + back + " within a second, billed with the next invoice",
                customer -> customer.passThrough(price(tier), price(back)));
    }

    static Step downgradesAtTheEndOfThePeriod(String tier) {
        return new Act(
                "downgrades to " + tier + " from the next period on",
                customer -> customer.change(price(tier), "period_end"));
    }

    static Step downgradesAtOnce(String tier) {
        return new Act("downgrades to " + tier + ", invoiced at once", customer -> customer.change(price(tier), "now"));
    }

    static Step downgradesOnTheNextInvoice(String tier) {
        return new Act(
                "downgrades to " + tier + ", billed with the next invoice",
                customer -> customer.reprice(price(tier), "create_prorations"));
    }

    static Step beginsThePeriodAnew() {
        return new Act("begins the period anew", customer -> customer.update("billing_cycle_anchor=now"));
    }

    static Step cancelsForTheRest() {
        return new Act("cancels now, the rest credited", Customer::cancelForTheRest);
    }

    static Step cancels() {
        return new Act("cancels now", Customer::cancel);
    }

    static Step cancelsAtTheEndOfThePeriod() {
        return new Act("cancels at the end of the period", customer -> customer.update("cancel_at_period_end=true"));
    }

    static Step pauses(String behavior) {
        return new Act(
                "pauses, invoices " + behavior, customer -> customer.update("pause_collection[behavior]=" + behavior));
    }

    static Step resumes() {
        return new Act("resumes", customer -> customer.update("pause_collection="));
    }

    static Step cardStopsPaying() {
        return new Act("the card stops paying", customer -> customer.card(CAN_NOT_BE_CHARGED));
    }

    static Step cardPaysAgain() {
        return new Act("another card pays", customer -> customer.card(Customer.PAYS));
    }

    static Step days(int days) {
        return new Days(days + " days pass", days);
    }

    static Step invoice(int number, String action) {
        return new Act("invoice " + number + ": " + action, customer -> customer.invoice(number - 1, action, ""));
    }

    static Step paysOutsideOfStripe(int number) {
        return new Act(
                "invoice " + number + " is paid outside of Stripe",
                customer -> customer.invoice(number - 1, "pay", "paid_out_of_band=true"));
    }

    static Step hasOnTheNextBill(int lines, long cents) {
        return new Act("has " + lines + " lines of " + cents + " on the next bill", customer -> {
            for (int i = 0; i < lines; i++) {
                customer.addToNextBill(cents);
            }
        });
    }

    static Step isBilledByHand(long cents) {
        return new Act("is billed " + cents + " by hand", customer -> customer.billByHand(cents));
    }

    static Step isRefunded(int invoice, long cents) {
        return new Act(
                cents + " of invoice " + invoice + " are refunded",
                customer -> customer.refund(customer.paymentOfInvoice(invoice - 1), cents));
    }

    static Step isRefundedWholly(int invoice) {
        return new Act("invoice " + invoice + " is refunded", customer -> {
            long cents =
                    customer.invoices().get(invoice - 1).path("amount_paid").longValue();
            customer.refund(customer.paymentOfInvoice(invoice - 1), cents);
        });
    }

    static Step packIsRefunded(long cents) {
        return new Act(
                cents + " of the pack are refunded", customer -> customer.refund(customer.paymentOfPack(), cents));
    }

    static Step packIsDisputed() {
        return new Act("disputes the pack", customer -> customer.dispute(customer.paymentOfPack(), false));
    }

    static Step refundFails(int number) {
        return new Act("refund " + number + " fails", customer -> customer.failRefund(number - 1));
    }

    static Step disputes(int invoice) {
        return new Act(
                "disputes invoice " + invoice,
                customer -> customer.dispute(customer.paymentOfInvoice(invoice - 1), false));
    }

    static Step inquires(int invoice) {
        return new Act(
                "the bank inquires about invoice " + invoice,
                customer -> customer.dispute(customer.paymentOfInvoice(invoice - 1), true));
    }

    static Step inquiryBecomesADispute() {
        return new Act("the inquiry becomes a dispute", Customer::escalateDispute);
    }

    static Step disputeIs(String outcome) {
        return new Act("the dispute is " + outcome, customer -> customer.closeDispute(outcome));
    }

    /** @param way {@code refund_amount}, {@code credit_amount}, {@code out_of_band_amount}; {@code amount} if it is open */
    static Step creditNote(int invoice, String way, long cents) {
        return new Act(
                "a credit note over " + cents + " on invoice " + invoice + ", " + way,
                customer -> customer.creditNote(invoice - 1, way, cents));
    }

    static Step buys(String pack) {
        return new Act("buys pack " + pack, customer -> customer.buy(pack, "{\"card\": \"" + Customer.PAYS + "\"}"));
    }

    static Step buysByBank(String pack) {
        return new Act("buys pack " + pack + " by bank", customer -> customer.buy(pack, Customer.BY_BANK));
    }

    static Step bankPayment(String outcome) {
        return new Act("the bank's payment has " + outcome, customer -> customer.settle(outcome));
    }

    static Step createsJobs(int count) {
        return new Act("creates " + count + " jobs", customer -> {
            for (int i = 0; i < count; i++) {
                customer.createJob();
            }
        });
    }

    static Step cancelsJobs() {
        return new Act(
                "cancels the jobs",
                customer -> customer.jobs()
                        .forEach(job -> customer.person().cancel(job).expect(200)));
    }

    /** From their creation to their verification. */
    static Step doesJobs(int count) {
        return new Act("has " + count + " jobs done", customer -> {
            for (int i = 0; i < count; i++) {
                customer.createJob();
            }
            customer.haveJobsDone();
        });
    }

    static Step jobsAreDone() {
        return new Act("the jobs are done", Customer::haveJobsDone);
    }

    static Step payoutsAreTakenBack() {
        return new Act("an administrator takes the payouts back", Customer::takePayoutsBack);
    }

    static Step isRefusedAJob() {
        return new Act(
                "is refused a job",
                customer -> assertThat(customer.person().askForJob().status()).isEqualTo(402));
    }

    static Step wantsToBeToldBelow(long credits) {
        return new Act(
                "wants to be told of fewer than " + credits + " credits",
                customer -> customer.wantToBeToldBelow(credits));
    }

    /** Since it was wanted. */
    static Step wasToldOfFewCredits(int times) {
        String says = "was told of few credits " + times + " times";
        return new Act(
                says,
                customer -> eventually(says)
                        .untilAsserted(() -> assertThat(customer.timesTold()).isEqualTo(times)));
    }

    static Step toldAsRealMoney() {
        return new Told("Stripe says that it is real money", event -> event.put("livemode", true));
    }

    static Step creditNoteIsVoided() {
        return new Act("the credit note is voided", Customer::voidCreditNote);
    }

    /** Of an upgrade to pro. */
    static Step toldOfAnUnknownPrice() {
        return new Told("the change is to a price that nobody knows", event -> {
            String told = event.toString();
            return event.path("type").asString("").equals("invoice.paid")
                    ? (ObjectNode) JsonMapper.shared().readTree(told.replace(PRO, EXTRA))
                    : event;
        });
    }

    static Step invoicesAreRefused() {
        return new Refused("its invoices are refused");
    }

    static Step toldInEuros() {
        return new Told("the invoice is in euros", event -> {
            if (event.path("type").asString("").equals("invoice.paid")) {
                event.withObject("/data/object").put("currency", "eur");
            }
            return event;
        });
    }

    static Has has(long available) {
        return has(available, 0, 0);
    }

    static Has has(long available, long held, long debt) {
        String says = "has " + available + " credits"
                + (held == 0 ? "" : ", " + held + " held")
                + (debt == 0 ? "" : ", owes " + debt);
        return new Has(says, new Balance(available, held, debt), Map.of(), 0);
    }

    private static String price(String tier) {
        return "price_paymaster_" + tier;
    }
}
