package org.m2ib.fhir;

import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Metadata;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.api.RestSearchParameterTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.IServerConformanceProvider;
import ca.uhn.fhir.rest.server.RestfulServer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Date;
import java.util.List;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementKind;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestSecurityComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalReadStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ResourceVersionPolicy;
import org.hl7.fhir.r4.model.CapabilityStatement.RestfulCapabilityMode;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.Enumerations.FHIRVersion;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationDefinition;
import org.hl7.fhir.r4.model.UriType;
import org.m2ib.api.AuthorizationServer;
import org.m2ib.base.Notice;
import org.m2ib.fhir.store.SearchParameters;
import org.m2ib.fhir.subscription.RestHook;
import org.m2ib.results.fhir.FhirNames;

/**
 * The CapabilityStatement of {@code /fhir}, generated from the search parameters that the service
 * supports.
 */
public final class Capabilities implements IServerConformanceProvider<CapabilityStatement> {
  private final String version;
  private final Date date;
  private final List<String> types;
  private final AuthorizationServer authorization;
  private final FhirNames names;
  private final Definitions definitions;

  /**
   * @param version version of this service
   * @param date publication date of the statement
   * @param types resource types that can be read
   * @param authorization whose tokens are accepted
   * @param names of our own definitions
   * @param definitions that are served
   */
  Capabilities(
      String version,
      Date date,
      List<String> types,
      AuthorizationServer authorization,
      FhirNames names,
      Definitions definitions) {
    this.names = names;
    this.definitions = definitions;
    this.authorization = authorization;
    this.version = version;
    this.date = date;
    this.types = types;
  }

  @Override
  @Metadata
  public CapabilityStatement getServerConformance(
      HttpServletRequest servletRequest, RequestDetails request) {
    CapabilityStatement statement = new CapabilityStatement();
    statement.setStatus(PublicationStatus.ACTIVE);
    statement.setDate(date);
    statement.setKind(CapabilityStatementKind.INSTANCE);
    statement.addInstantiates(names.base() + "/CapabilityStatement/m2ib");
    statement.addInstantiates("http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data");
    statement.addImplementationGuide(names.base() + "/ImplementationGuide/m2ib");
    statement.setFhirVersion(FHIRVersion._4_0_1);
    statement.addFormat("json").addFormat("xml");
    statement.getSoftware().setName("m2ib-pacs").setVersion(version);
    // no url: the request is anonymous, and the URL would repeat its Host header
    statement
        .getImplementation()
        .setDescription("Audit of image-text models. " + Notice.NOT_A_DEVICE);
    CapabilityStatementRestComponent rest = statement.addRest();
    rest.setMode(RestfulCapabilityMode.SERVER);
    rest.setDocumentation(
        "Pages of at most "
            + SearchQuery.MOST
            + " resources, continued by the link next, sorted by _sort. Unknown parameters are refused.");
    security(rest.getSecurity());
    types.forEach(type -> resource(rest.addResource(), type));
    subscription(rest.addResource());
    Definitions.TYPES.forEach(type -> definition(rest.addResource(), type.getSimpleName()));
    for (SystemRestfulInteraction code :
        List.of(SystemRestfulInteraction.TRANSACTION, SystemRestfulInteraction.BATCH)) {
      rest.addInteraction()
          .setCode(code)
          .setDocumentation("Entries that POST a DiagnosticReport, read or search");
    }
    rest.addInteraction().setCode(SystemRestfulInteraction.HISTORYSYSTEM);
    rest.addOperation()
        .setName("export")
        .setDefinition("http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export")
        .setDocumentation(
            "Asynchronous, as NDJSON, by GET or POST with _type, _since and _outputFormat");
    return statement;
  }

  /** Says how to sign in (SMART App Launch 2, conformance). */
  private void security(CapabilityStatementRestSecurityComponent security) {
    boolean tokens = authorization.isConfigured();
    security.setDescription(
        "HTTP Basic for everything but /metadata and definitions"
            + (tokens
                ? ", or an access token with scopes such as system/Observation.rs;"
                    + " see .well-known/smart-configuration"
                : ""));
    service(security, "Basic");
    if (tokens) {
      service(security, "SMART-on-FHIR");
    }
    authorization
        .metadata()
        .map(metadata -> metadata.path("token_endpoint").asText())
        .filter(endpoint -> !endpoint.isEmpty())
        .ifPresent(
            endpoint ->
                security
                    .addExtension()
                    .setUrl("http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris")
                    .addExtension("token", new UriType(endpoint)));
  }

  private static void service(CapabilityStatementRestSecurityComponent security, String code) {
    security
        .addService()
        .addCoding()
        .setSystem("http://terminology.hl7.org/CodeSystem/restful-security-service")
        .setCode(code);
  }

  /** Topics are named as Subscriptions R5 Backport (1.1) says for R4. */
  private void subscription(CapabilityStatementRestResourceComponent resource) {
    resource.setType(SubscriptionProvider.TYPE).setVersioning(ResourceVersionPolicy.NOVERSION);
    resource.setConditionalRead(ConditionalReadStatus.NOTSUPPORTED);
    unconditional(resource);
    resource.setDocumentation(
        "By REST hook, to endpoints that the service's configuration allows; by criteria or topic");
    resource
        .addExtension()
        .setUrl(RestHook.PROFILES + "capabilitystatement-subscriptiontopic-canonical")
        .setValue(new CanonicalType(RestHook.topic(names)));
    for (TypeRestfulInteraction code :
        List.of(
            TypeRestfulInteraction.READ,
            TypeRestfulInteraction.CREATE,
            TypeRestfulInteraction.UPDATE,
            TypeRestfulInteraction.DELETE,
            TypeRestfulInteraction.SEARCHTYPE)) {
      resource.addInteraction().setCode(code);
    }
    for (String name : List.of("status", "events")) {
      resource
          .addOperation()
          .setName(name)
          .setDefinition(
              "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-"
                  + name);
    }
  }

  private void resource(CapabilityStatementRestResourceComponent resource, String type) {
    resource.setType(type);
    definitions.profiles(type).forEach(resource::addSupportedProfile);
    resource.setReadHistory(true).setVersioning(ResourceVersionPolicy.VERSIONED);
    resource.setConditionalRead(ConditionalReadStatus.FULLSUPPORT);
    unconditional(resource);
    resource.addInteraction().setCode(TypeRestfulInteraction.READ);
    resource.addInteraction().setCode(TypeRestfulInteraction.VREAD);
    resource.addInteraction().setCode(TypeRestfulInteraction.HISTORYINSTANCE);
    resource.addInteraction().setCode(TypeRestfulInteraction.HISTORYTYPE);
    resource.addInteraction().setCode(TypeRestfulInteraction.SEARCHTYPE);
    if (type.equals("ImagingStudy")) {
      resource
          .addOperation()
          .setName("everything")
          .setDefinition(names.base() + "/OperationDefinition/imagingstudy-everything")
          .setDocumentation(
              "All resources about the study, the devices that made them and the cards of their models");
    }
    SearchParameters.includes(type).forEach(resource::addSearchInclude);
    SearchParameters.revIncludes(type).forEach(resource::addSearchRevInclude);
    if (type.equals("DiagnosticReport")) {
      resource
          .setConditionalCreate(true)
          .addInteraction()
          .setCode(TypeRestfulInteraction.CREATE)
          .setDocumentation(
              "A report for a study. It replaces the previous one with the same identifier");
    }
    for (RuntimeSearchParam parameter : SearchParameters.of(type)) {
      boolean reference = parameter.getParamType() == RestSearchParameterTypeEnum.REFERENCE;
      resource
          .addSearchParam()
          .setName(parameter.getName())
          .setType(SearchParamType.fromCode(parameter.getParamType().getCode()))
          .setDefinition(names.moved(parameter.getUri()))
          .setDocumentation(
              parameter.getDescription()
                  + (reference
                      ? "; with :identifier, by the identifier of the referenced resource"
                      : ""));
    }
  }

  private static void unconditional(CapabilityStatementRestResourceComponent resource) {
    resource.setConditionalCreate(false).setConditionalUpdate(false).setUpdateCreate(false);
    resource.setConditionalDelete(ConditionalDeleteStatus.NOTSUPPORTED);
  }

  private static void definition(CapabilityStatementRestResourceComponent resource, String type) {
    resource.setType(type).setVersioning(ResourceVersionPolicy.NOVERSION);
    resource.setDocumentation("Definitions that results name, open to everybody");
    resource.addInteraction().setCode(TypeRestfulInteraction.READ);
    resource.addInteraction().setCode(TypeRestfulInteraction.SEARCHTYPE);
    for (String name : DefinitionProvider.PARAMETERS.keySet()) {
      RuntimeSearchParam parameter =
          SearchParameters.FHIR.getResourceDefinition(type).getSearchParam(name);
      resource
          .addSearchParam()
          .setName(name)
          .setType(SearchParamType.fromCode(parameter.getParamType().getCode()))
          .setDefinition(parameter.getUri());
    }
  }

  /** HAPI asks the provider of the statement for these, not that of the type. */
  @Override
  @Read(typeName = "OperationDefinition")
  public OperationDefinition readOperationDefinition(@IdParam IIdType id, RequestDetails request) {
    return (OperationDefinition)
        new DefinitionProvider(OperationDefinition.class, definitions)
            .read(new IdType(id.getIdPart()), request);
  }

  @Override
  public void setRestfulServer(RestfulServer server) {
    // the request is not used
  }
}
