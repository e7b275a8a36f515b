package dev.strongroom.conformance.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import java.util.regex.Pattern;

/** Who may import whom, and what a class may be called. Each rule says what to do instead. */
@AnalyzeClasses(packages = "dev.strongroom", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {

    private static final Pattern FORBIDDEN_NAME =
            Pattern.compile("(Abstract|Base).*|.*(Manager|Utils?|Helper|Impl|Service|Info|Data)");

    /** Generated protobuf messages live in packages of their own. */
    private static final DescribedPredicate<JavaClass> WIRE = resideInAPackage("..wire..");

    @ArchTest
    static final ArchRule R1_PACKAGES_ARE_FREE_OF_CYCLES = slices().matching("dev.strongroom.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package that is imported by what it imports cannot be read alone; move the shared type down");

    @ArchTest
    static final ArchRule R2_AWS_SDK_STAYS_AT_THE_EDGE = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.strongroom.api..", "dev.strongroom.gateway.operation..", "dev.strongroom.gateway.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..")
            .because("SDK types are the wire model only; pass strings, Bytes or records inwards");

    @ArchTest
    static final ArchRule R3_BOUNCY_CASTLE_HAS_ONE_ROOM = noClasses()
            .that()
            .resideOutsideOfPackage("dev.strongroom.hsm.node.crypto..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..")
            .because("primitives stand behind hsm.node.crypto; add what is missing there");

    @ArchTest
    static final ArchRule R3_JCE_STAYS_BEHIND_CRYPTO = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.strongroom.hsm.node.crypto..",
                    "dev.strongroom.hsm.node.user..",
                    "dev.strongroom.gateway.sigv4..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.crypto..")
            .because("ciphers and MACs are called through hsm.node.crypto; request signing lives in gateway.sigv4");

    @ArchTest
    static final ArchRule R4_HAZELCAST_AND_RAFT_HAVE_ONE_ROOM = noClasses()
            .that()
            .resideOutsideOfPackage("dev.strongroom.hsm.node.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hazelcast..", "io.microraft..")
            .because("what the cluster agrees on is seen through store.RecordStore");

    @ArchTest
    static final ArchRule R5_VERTX_STAYS_AT_THE_BORDERS = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.strongroom.gateway.http..",
                    "dev.strongroom.gateway.keys..",
                    "dev.strongroom.gateway.launch..",
                    "dev.strongroom.hsm.protocol..",
                    "dev.strongroom.hsm.node",
                    "dev.strongroom.hsm.node.listen..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..")
            .because("inner code answers with values or CompletionStages and knows no event loop");

    @ArchTest
    static final ArchRule R6_THE_GATEWAY_SEES_NO_NODE = noClasses()
            .that(resideInAPackage("dev.strongroom.gateway..")
                    .and(DescribedPredicate.not(resideInAPackage("dev.strongroom.gateway.launch.."))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.strongroom.hsm.node..")
            .because("the gateway holds no key; only launch may start a node inside its process")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule R7_PURE_PACKAGES_DO_NO_IO = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.strongroom.api..",
                    "dev.strongroom.gateway.operation..",
                    "dev.strongroom.gateway.authz..",
                    "dev.strongroom.hsm.node.key..",
                    "dev.strongroom.hsm.node.crypto..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.net..", "java.nio.file..", "java.util.concurrent..", "org.slf4j..")
                            .and(DescribedPredicate.not(
                                    JavaClass.Predicates.belongToAnyOf(java.util.concurrent.ConcurrentHashMap.class)))
                            .and(DescribedPredicate.not(resideInAPackage("java.util.concurrent.atomic"))))
            .because("these packages decide and compute; waiting, reading and logging happen outside");

    @ArchTest
    static final ArchRule R9_TIME_COMES_FROM_OUTSIDE = noClasses()
            .that(DescribedPredicate.not(JavaClass.Predicates.simpleNameEndingWith("Main"))
                    .and(DescribedPredicate.not(resideInAPackage("dev.strongroom.gateway.launch.."))))
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .because("take an InstantSource, or a LongSupplier of monotonic nanoseconds; only mains look at the clock");

    @ArchTest
    static final ArchRule R10_RANDOM_COMES_FROM_ENTROPY = noClasses()
            .that()
            .resideOutsideOfPackages("dev.strongroom.hsm.node.crypto..")
            .and()
            .resideInAPackage("dev.strongroom.hsm.node..")
            .should()
            .callConstructor(java.security.SecureRandom.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.util.concurrent.ThreadLocalRandom.class)
            .because("keys, nonces and ids on a node come from hsm.node.crypto.Entropy");

    @ArchTest
    static final ArchRule R11_CLASSES_ARE_CLOSED = classes()
            .that(DescribedPredicate.not(WIRE))
            .should(beFinalSealedOrInterface())
            .because("a class is final, a record, an enum, sealed or an interface; compose instead of extending");

    @ArchTest
    static final ArchRule R12_NAMES_SAY_WHAT_A_CLASS_IS = classes()
            .that(DescribedPredicate.not(WIRE))
            .should(haveATellingName())
            .because("name the thing, not the pattern");

    @ArchTest
    static final ArchRule R12_PACKAGES_HAVE_A_SUBJECT = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..common..", "..impl..", "..misc..")
            .because("a package is named after what it is about");

    @ArchTest
    static final ArchRule R13_PACKAGES_ARE_NULL_SAFE = classes()
            .that(DescribedPredicate.not(WIRE))
            .should(resideInANullMarkedPackage())
            .because("every package says in its package-info what it is for, and is @NullMarked");

    private static ArchCondition<JavaClass> beFinalSealedOrInterface() {
        return new ArchCondition<>("be final, sealed, an enum, a record or an interface") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean closed = type.isInterface()
                        || type.isEnum()
                        || type.isRecord()
                        || type.isAnonymousClass()
                        || type.getModifiers().contains(JavaModifier.FINAL)
                        || type.reflect().isSealed()
                        || enumConstant(type);
                if (!closed) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is open to extension"));
                }
            }

            private boolean enumConstant(JavaClass type) {
                return type.getRawSuperclass().map(JavaClass::isEnum).orElse(false);
            }
        };
    }

    private static ArchCondition<JavaClass> haveATellingName() {
        return new ArchCondition<>("have a name that says what it is") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (FORBIDDEN_NAME.matcher(type.getSimpleName()).matches()) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is named after a pattern"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
                    events.add(SimpleConditionEvent.violated(type, type.getPackageName() + " is not @NullMarked"));
                }
            }
        };
    }
}
