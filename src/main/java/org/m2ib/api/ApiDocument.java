package org.m2ib.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.m2ib.base.Notice;
import org.m2ib.judging.Stage;

/** Adds to the description of {@code /api} what all operations share: notice, problems, sign-in. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class ApiDocument implements OASFilter {
  private static final String STUDY = "studyInstanceUid";
  private static final String ACCESSION = "accessionNumber";
  private static final String DROP = "publishedTextConfidenceDrop";
  private static final String INCREASE = "publishedTextConfidenceIncrease";
  private static final String PROBLEM = "Problem";
  private static final String NOTICED = "Notice";

  /** name -> schema and description, the same in every path. */
  private static final Map<String, Parameter> PARAMETERS =
      Map.of(
          "id",
          text("uuid", "Id of the case."),
          "judgement",
          text("uuid", "Id of the judgement."),
          "n",
          from(0, "Place of the sentence in the case, counted from 0."),
          "uid",
          text(null, "SOP Instance UID (0008,0018) of the image."),
          "frame",
          from(1, "Number of the frame, counted from 1."),
          "k",
          from(1, "Number of the overlay, counted from 1."),
          "name",
          text(null, "Name of the model."),
          HttpHeaders.IF_NONE_MATCH,
          text(null, "ETag of an earlier answer."),
          HttpHeaders.ACCEPT_ENCODING,
          text(null, "The answer is compressed if it allows gzip."));

  /** schema -> its fields that may be null. */
  private static final Map<String, List<String>> NULLABLE =
      Map.ofEntries(
          Map.entry("ActivityList", List.of("next")),
          Map.entry("CaseList", List.of("next")),
          Map.entry("CaseEntry", List.of(STUDY, ACCESSION, "model", "route", "lowestSimilarity")),
          Map.entry(
              "CaseDetails", List.of(STUDY, ACCESSION, "model", "route", "report", "patient")),
          Map.entry("CasePatient", List.of("issuer")),
          Map.entry("CaseReport", List.of("notes", "patient", ACCESSION, "own")),
          Map.entry("WorklistPage", List.of("total", "next")),
          Map.entry("WorklistCase", List.of("lowestSimilarity", "discordance")),
          Map.entry("WorklistLinks", List.of("thumbnail")),
          Map.entry("CasePlace", List.of("next", "nextUnjudged")),
          Map.entry("Assignment", List.of("person")),
          Map.entry("CaseImage", List.of("modality", "viewPosition")),
          Map.entry(
              "ListedImage",
              List.of("seriesInstanceUid", "modality", "viewPosition", "laterality")),
          Map.entry("PriorImages", List.of("studyDate", "daysBefore")),
          Map.entry("JudgementLinks", List.of("observation")),
          Map.entry("JudgementDetails", List.of("campaign", "region")),
          Map.entry("Choice", List.of("agreement")),
          Map.entry("Undecided", List.of("campaign")),
          Map.entry("CampaignEntry", List.of("deadline", "mine")),
          Map.entry("CampaignDetails", List.of("deadline", "closedAt")),
          Map.entry("QuestionReport", List.of("beforeMap", "changed")),
          Map.entry("Coefficient", List.of("value", "low", "high")),
          Map.entry("Proportion", List.of("value", "low", "high")),
          Map.entry(
              "Filter",
              List.of(
                  "alarm",
                  "modality",
                  "bodyPart",
                  "callingAeTitle",
                  "model",
                  "similarityFrom",
                  "similarityTo",
                  "from",
                  "to")),
          Map.entry(
              "SentenceDetails",
              List.of("denies", "probability", DROP, INCREASE, "audit", "forced")),
          Map.entry("SentenceLinks", List.of("interactions")),
          Map.entry("MethodScores", List.of(DROP, INCREASE)),
          Map.entry(
              "Audit",
              List.of(
                  "entropy",
                  "shareOutsideBody",
                  "shareOnText",
                  "language",
                  "sentenceSide",
                  "sameSide",
                  "seedAgreement",
                  "negationAgreement",
                  "contrary",
                  "otherSide")),
          Map.entry(
              "FrameAnswer",
              List.of("paddingSample", "pixelSpacing", "pixelSpacingAt", "patientOrientation")),
          Map.entry("ModelList", List.of("before")),
          Map.entry(
              "ModelEntry",
              List.of("since", "by", "rule", "precision", "family", "assumed", "card", "problem")),
          Map.entry("PrecisionChoice", List.of("gain")),
          Map.entry("ModelCard", List.of("layer", "beta")),
          Map.entry("RouteList", List.of("file", "hash", "since", "error")),
          Map.entry("RouteEntry", List.of("ignore", "model")),
          Map.entry("RouteSent", List.of("objects")),
          Map.entry("RouteDestination", List.of("archive", "fhir", "hl7")),
          Map.entry("DestinationEntry", List.of("oldest", "last")),
          Map.entry("StateCount", List.of("oldest")),
          Map.entry("StorageState", List.of("objects", "databaseBytes")),
          Map.entry("RouteTrialBody", List.of("caseId", ACCESSION, "attributes")),
          Map.entry("RouteTrialAnswer", List.of("caseId", "ignored", "images", "model", "method")),
          Map.entry("ComparedRoute", List.of("sopInstanceUid")),
          Map.entry("ShadowSummary", List.of("rankCorrelation")),
          Map.entry("Figures", List.of("similarity", "confidenceDrop", "confidenceIncrease")),
          Map.entry(
              "SetAsideEntry",
              List.of(STUDY, ACCESSION, "orderNumber", "sopInstanceUid", "reportId")));

  @Override
  public void filterOpenAPI(OpenAPI document) {
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    NULLABLE.forEach((name, fields) -> fields.forEach(field -> nullable(schemas.get(name), field)));
    schemas.get("Shape").setEnumeration(List.of("box", "ellipse", "polygon"));
    schemas.get("Stage").setEnumeration(List.copyOf(Stage.codes()));
    document
        .getComponents()
        .addSchema(PROBLEM, problem())
        .addSchema(NOTICED, fields(Map.of("notice", string().constValue(Notice.AUDIT))))
        .addSecurityScheme(
            "basic",
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("basic")
                .description("A user, or service."))
        .addSecurityScheme(
            "session",
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.APIKEY)
                .in(SecurityScheme.In.COOKIE)
                .name("m2ib-session")
                .description("The cookie of /sign-in."));
    for (String scheme : List.of("basic", "session")) {
      document.addSecurityRequirement(
          OASFactory.createSecurityRequirement().addScheme(scheme, List.of()));
    }
    document
        .getPaths()
        .getPathItems()
        .forEach(
            (path, item) ->
                item.getOperations().forEach((method, operation) -> add(path, method, operation)));
  }

  private static void nullable(Schema schema, String field) {
    Schema type = schema.getProperties().get(field);
    if (type.getRef() == null) {
      type.addType(SchemaType.NULL);
    } else {
      Schema none = OASFactory.createSchema().addType(SchemaType.NULL);
      schema.addProperty(field, OASFactory.createSchema().anyOf(List.of(type, none)));
    }
  }

  private static Parameter text(String format, String description) {
    return OASFactory.createParameter().schema(string().format(format)).description(description);
  }

  private static Parameter from(int least, String description) {
    return OASFactory.createParameter()
        .schema(
            OASFactory.createSchema()
                .addType(SchemaType.INTEGER)
                .minimum(BigDecimal.valueOf(least)))
        .description(description);
  }

  private static void describe(Parameter parameter) {
    Parameter known = PARAMETERS.get(parameter.getName());
    if (parameter.getDescription() == null && known != null) {
      parameter.schema(known.getSchema()).description(known.getDescription());
    }
  }

  private static void add(String path, HttpMethod method, Operation operation) {
    if (operation.getParameters() != null) {
      operation.getParameters().forEach(ApiDocument::describe);
    }
    usual(path, method, operation)
        .forEach(
            (status, description) -> {
              if (operation.getResponses().getAPIResponse(status) == null) {
                operation
                    .getResponses()
                    .addAPIResponse(
                        status, OASFactory.createAPIResponse().description(description));
              }
            });
    operation
        .getResponses()
        .getAPIResponses()
        .forEach(
            (status, answer) -> {
              if (status.compareTo("400") >= 0) {
                asProblem(status, answer);
              } else if (answer.getContent() != null) {
                withNotice(answer);
              }
            });
  }

  /** Returns the answers that need no annotation: status -> description. */
  private static Map<String, String> usual(String path, HttpMethod method, Operation operation) {
    Map<String, String> answers = new TreeMap<>();
    if (hasParameter(operation, HttpHeaders.IF_NONE_MATCH)) {
      answers.put("304", "The bytes have not changed.");
    }
    if (path.contains("/frames/")) {
      answers.put("501", "Pixels in a form that is not read.");
    }
    answers.put("400", "A parameter is wrong or unknown, or the body is wrong.");
    answers.put("401", "Nobody is signed in.");
    answers.put("403", "The role is missing.");
    answers.put("429", "Too many failed sign-ins.");
    answers.put("500", "The service failed.");
    answers.put("503", "Storage is not available at the moment.");
    if (path.contains("{")) {
      answers.put("404", "The path names something that is not there.");
    }
    if (method != HttpMethod.GET) {
      answers.put("403", "The role is missing, or a page of another site sent the request.");
    }
    if (operation.getRequestBody() != null) {
      answers.put("413", "The body is too large.");
      answers.put("415", "The body is not application/json.");
    }
    return answers;
  }

  private static boolean hasParameter(Operation operation, String name) {
    return operation.getParameters() != null
        && operation.getParameters().stream().anyMatch(p -> name.equals(p.getName()));
  }

  private static void asProblem(String status, APIResponse answer) {
    answer.setContent(
        OASFactory.createContent()
            .addMediaType(
                Problem.MEDIA_TYPE, OASFactory.createMediaType().schema(noticed(ref(PROBLEM)))));
    if (status.equals("429") || status.equals("503")) {
      answer.addHeader(
          HttpHeaders.RETRY_AFTER,
          OASFactory.createHeader()
              .description("Seconds.")
              .schema(OASFactory.createSchema().addType(SchemaType.INTEGER)));
    }
  }

  private static void withNotice(APIResponse answer) {
    answer
        .getContent()
        .getMediaTypes()
        .forEach(
            (type, media) -> {
              if (type.equals(MediaType.APPLICATION_JSON)) {
                media.setSchema(noticed(media.getSchema()));
              }
            });
  }

  private static Schema noticed(Schema schema) {
    return OASFactory.createSchema().allOf(List.of(schema, ref(NOTICED)));
  }

  private static Schema ref(String name) {
    return OASFactory.createSchema().ref("#/components/schemas/" + name);
  }

  private static Schema problem() {
    Map<String, Schema> properties = new TreeMap<>();
    for (String name : List.of("type", "title", "detail", "instance", "field", "code")) {
      properties.put(name, string());
    }
    properties.put("status", OASFactory.createSchema().addType(SchemaType.INTEGER));
    return fields(properties)
        .description(
            "RFC 9457. field is the wrong field of a body; code names a refusal that a user can"
                + " meet. Both are left out elsewhere.");
  }

  private static Schema fields(Map<String, Schema> properties) {
    return OASFactory.createSchema().addType(SchemaType.OBJECT).properties(properties);
  }

  private static Schema string() {
    return OASFactory.createSchema().addType(SchemaType.STRING);
  }
}
