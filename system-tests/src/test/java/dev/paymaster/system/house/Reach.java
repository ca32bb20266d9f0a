package dev.paymaster.system.house;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.HasName;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Which methods of ours others lead to, by calls, lambdas and references, also through interfaces. */
final class Reach {
    private Reach() {}

    /** Those that it begins with are among them. */
    static Set<JavaCodeUnit> of(Collection<JavaCodeUnit> start) {
        Set<JavaCodeUnit> reached = new LinkedHashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>(start);
        while (!open.isEmpty()) {
            JavaCodeUnit next = open.remove();
            if (reached.add(next)) {
                next.getAccessesFromSelf().stream()
                        .map(JavaAccess::getTarget)
                        .filter(CodeUnitAccessTarget.class::isInstance)
                        .map(CodeUnitAccessTarget.class::cast)
                        .filter(target -> target.getOwner().getName().startsWith(Modules.ROOT))
                        .flatMap(Reach::meant)
                        .forEach(open::add);
            }
        }
        return reached;
    }

    /** The method itself, and those that may stand in its place. */
    private static Stream<JavaCodeUnit> meant(CodeUnitAccessTarget target) {
        String[] parameters =
                HasName.Utils.namesOf(target.getRawParameterTypes()).toArray(String[]::new);
        Stream<JavaMethod> others = target.getOwner().getAllSubclasses().stream()
                .flatMap(other -> other.tryGetMethod(target.getName(), parameters).stream());
        return Stream.concat(target.resolveMember().stream(), others);
    }
}
