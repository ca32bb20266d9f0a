package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.billing.Billing;
import dev.paymaster.stripesandbox.billing.PlatformBalance;
import dev.paymaster.stripesandbox.control.Control;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts the Connect side together; the door of this package. */
public final class Connect implements Endpoint.Group, Control.Group {
    private final Onboarding onboarding;
    private final List<Endpoint> endpoints;
    private final List<Control> controls;

    public Connect(Billing.Tools tools, PlatformBalance balance) {
        Accounts accounts = new Accounts(tools.store(), tools.ids(), tools.clock(), tools.events(), tools.lists());
        ExternalAccounts externalAccounts = new ExternalAccounts(tools.ids(), tools.events());
        onboarding =
                new Onboarding(tools.store(), tools.ids(), tools.clock(), tools.pages(), accounts, externalAccounts);
        Transfers transfers =
                new Transfers(tools.store(), tools.ids(), tools.clock(), tools.events(), tools.lists(), balance);
        controls = Stream.of(onboarding, new AccountControls(accounts))
                .flatMap(group -> group.controls().stream())
                .toList();
        endpoints = Stream.of(
                        accounts,
                        new AccountsV2(tools, accounts, onboarding),
                        onboarding,
                        transfers,
                        new Reversals(tools, balance))
                .flatMap(group -> group.endpoints().stream())
                .collect(Collectors.toUnmodifiableList());
    }

    @Override
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public List<Control> controls() {
        return controls;
    }

    public Onboarding onboarding() {
        return onboarding;
    }
}
