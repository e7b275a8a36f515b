package dev.strongroom.gateway.sts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of the AWS Query protocol, and the actions and members in them. */
class QueryFormTest {

    private static final String ROLE = "RoleArn=arn:aws:iam::111122223333:role/app";

    private static QueryForm form(String text) {
        return QueryForm.parse("", text.getBytes(StandardCharsets.US_ASCII));
    }

    private static StsException refused(String text) {
        return assertThrows(StsException.class, () -> RoleRequest.of(StsAction.ASSUME_ROLE, form(text)));
    }

    @Test
    void escapesAreRead() {
        assertEquals(Optional.of("a b/ü"), form("X=a+b%2F%C3%BC&Y=").find("X"));
        assertEquals(Optional.of(""), form("X=a&Y=").find("Y"));
        assertEquals(Optional.empty(), form("").find("X"));
    }

    @Test
    void membersStandInTheQueryStringToo() {
        var form = QueryForm.parse("X=a%20b&Y=c+d", "Z=e+f".getBytes(StandardCharsets.US_ASCII));
        assertEquals(Optional.of("a b"), form.find("X"));
        // A signature does not tell it from %2B, so that neither may mean anything else.
        assertEquals(Optional.of("c+d"), form.find("Y"));
        assertEquals(Optional.of("e f"), form.find("Z"));
        assertThrows(StsException.class, () -> QueryForm.parse("X=1", "X=1".getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X=%4", "X=%zz", "X=1&X=2", "X=1&%58=2"})
    void whatIsNoFormOrSaysSomethingTwiceIsRefused(String text) {
        assertEquals(
                StsError.MALFORMED_INPUT,
                assertThrows(StsException.class, () -> form(text)).error());
    }

    @Test
    void membersWithoutEndAreRefused() {
        var many = new StringBuilder("X=1");
        for (int i = 0; i < 600; i++) {
            many.append("&N").append(i).append("=1");
        }
        assertEquals(
                StsError.MALFORMED_INPUT,
                assertThrows(StsException.class, () -> form(many.toString())).error());
    }

    @ParameterizedTest
    @CsvSource({
        "Version=2011-06-15, MissingAction",
        "Action=AssumeRole, InvalidAction",
        "Action=AssumeRole&Version=2010-01-01, InvalidAction",
        "Action=assumeRole&Version=2011-06-15, InvalidAction",
        "Action=GetFederationToken&Version=2011-06-15, InvalidAction",
    })
    void whatIsNoActionHereIsRefused(String text, String code) {
        assertEquals(
                code,
                assertThrows(StsException.class, () -> StsAction.of(form(text)))
                        .error()
                        .code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PolicyArns.member.2.arn=a",
                "PolicyArns.member.1.arn=a&PolicyArns.member.3.arn=b",
                "PolicyArns.member.0.arn=a&PolicyArns.member.1.arn=b",
                "PolicyArns.member.01.arn=a",
                "PolicyArns.1.arn=a",
                "PolicyArns.arn=a",
                "PolicyArns=a",
                "Tags.member.2.Key=team&Tags.member.2.Value=red",
                "TransitiveTagKeys.1=team"
            })
    void nothingOfAListGetsLost(String list) {
        assertEquals(
                StsError.MALFORMED_INPUT,
                refused(ROLE + "&RoleSessionName=job&" + list).error());
    }

    @Test
    void aRequestIsRead() {
        var terms = RoleRequest.of(
                StsAction.ASSUME_ROLE,
                form(ROLE + "&RoleSessionName=job&DurationSeconds=900&ExternalId=e1&Tags.member.1.Key=team"
                        + "&Tags.member.1.Value=red&Tags.member.2.Key=cost&Tags.member.2.Value="
                        + "&PolicyArns.member.1.arn=arn:aws:iam::111122223333:policy/p"));
        assertEquals("arn:aws:iam::111122223333:role/app", terms.roleArn());
        assertEquals(900, terms.seconds());
        assertEquals(Optional.of("e1"), terms.externalId());
        assertEquals(new SessionTags(Map.of("team", "red", "cost", ""), List.of()), terms.tags());
        assertEquals(1, terms.policyArns().size());
        assertEquals(
                3_600,
                RoleRequest.of(StsAction.ASSUME_ROLE, form(ROLE + "&RoleSessionName=job"))
                        .seconds());
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertEquals(
                "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be"
                        + " null; Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value"
                        + " greater than or equal to 900",
                refused("RoleSessionName=job&DurationSeconds=899").text());
    }

    @ParameterizedTest
    @CsvSource({
        "RoleSessionName=j, roleSessionName",
        "RoleSessionName=a/b, roleSessionName",
        "RoleSessionName=job&DurationSeconds=43201, durationSeconds",
        "RoleSessionName=job&ExternalId=1, externalId",
        "RoleSessionName=job&SourceIdentity=a%20b, sourceIdentity",
        "RoleSessionName=job&PolicyArns.member.1.arn=short, policyArns.1.member.arn",
        "RoleSessionName=job&Tags.member.1.Key=k, tags.1.member.value",
        "RoleSessionName=job&TransitiveTagKeys.member.1=, transitiveTagKeys.1.member",
        "RoleSessionName=job&TransitiveTagKeys.member.1.Key=k, transitiveTagKeys.1.member",
        "RoleSessionName=job&Policy=, policy",
    })
    void aMemberThatBreaksItsRuleIsNamed(String members, String path) {
        var refusal = refused(ROLE + "&" + members);
        assertEquals(StsError.VALIDATION_ERROR, refusal.error());
        assertEquals(path, refusal.text().replaceAll("(?s).* at '([^']*)'.*", "$1"));
    }

    @Test
    void tagsDifferInMoreThanLetterCase() {
        var refusal = refused(ROLE + "&RoleSessionName=job&Tags.member.1.Key=a&Tags.member.1.Value=1"
                + "&Tags.member.2.Key=A&Tags.member.2.Value=2");
        assertEquals(StsError.INVALID_PARAMETER_VALUE, refusal.error());
        assertEquals("Duplicate tag keys found. Please note that Tag keys are case insensitive.", refusal.text());
    }

    @Test
    void onlyTagsOfTheRequestAreTransitive() {
        var tag = ROLE
                + "&RoleSessionName=job&Tags.member.1.Key=Team&Tags.member.1.Value=red&TransitiveTagKeys.member.1=";
        assertEquals(
                new SessionTags(Map.of("Team", "red"), List.of("Team")),
                RoleRequest.of(StsAction.ASSUME_ROLE, form(tag + "team")).tags());
        var refusal = refused(tag + "mood");
        assertEquals(StsError.INVALID_PARAMETER_VALUE, refusal.error());
        assertEquals("The specified transitive tag key must be included in the requested tags.", refusal.text());
    }
}
