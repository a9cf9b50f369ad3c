package org.m2ib.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Every setting of the service. Each key {@code m2ib.a.b-c} can also be given as the environment
 * variable {@code M2IB_A_B_C}. HTTP and the data source have Quarkus' own keys: {@code
 * quarkus.http.host} (127.0.0.1), {@code quarkus.http.port} (8080), {@code
 * quarkus.datasource.jdbc.url}, {@code quarkus.datasource.username}, {@code
 * quarkus.datasource.password}.
 */
@ConfigMapping(prefix = "m2ib")
public interface M2ibConfig {

  /**
   * Folder for the embedded database, received objects, the generated password and the session key.
   * It contains patient data.
   */
  @WithDefault("m2ib-data")
  Path dataDir();

  /**
   * Model folder in the layout its authors published, see models.md. Absent: the built-in model.
   */
  Optional<Path> model();

  /**
   * Further models, each under a name of your choice, in addition to {@code m2ib.model}; see
   * models.md. A case goes to the first model, in order of names, whose rule matches.
   */
  Map<String, Model> models();

  /**
   * Archives that receive the secondary captures, as {@code AET@host:port}, separated by commas.
   * {@code AET@host:port+tls} is called with TLS, by {@code m2ib.dicom.tls-configuration-name};
   * {@code +tls=NAME} by another configuration. Absent: captures stay in the service, unless {@code
   * m2ib.stow.url} is set.
   */
  Optional<List<String>> archive();

  /**
   * File of routes, which say for each kind of study which images, model, results and destinations;
   * see routes.md. It is read again when it changes. Absent: every case is handled as configured
   * here.
   */
  Optional<Path> routes();

  /**
   * Password of the user {@code admin}, at least 8 characters; it cannot be changed on a page then.
   * Absent: generated at first start and saved in {@code data-dir/admin-password}, to be changed
   * when {@code admin} first signs in on a page.
   */
  Optional<String> adminPassword();

  /**
   * Address under which people open this service, for links in what it sends, for example {@code
   * https://m2ib.hospital.example}. Absent: no links.
   */
  Optional<String> publicUrl();

  /** DICOM network. */
  Dicom dicom();

  /** HL7 v2 over MLLP. */
  Hl7 hl7();

  /** An archive that receives what {@code m2ib.archive} do, by DICOMweb. */
  Stow stow();

  /** The FHIR server that receives the results. */
  Fhir fhir();

  /** Sessions, and how long is kept who did what; see access.md. */
  Access access();

  /** Signing in at an identity provider (OpenID Connect); see access.md. */
  Oidc oidc();

  /** Links of other systems that open a case; see access.md. */
  Launch launch();

  /** Access tokens for {@code /fhir} and {@code /api}; see operations.md. */
  Oauth oauth();

  /** The service's own {@code /fhir}. */
  FhirApi fhirApi();

  /** When a study is complete, and how long a case waits. */
  Study study();

  /** Studies that are fetched from archives. */
  Retrieve retrieve();

  /** Earlier studies of a case's patient that are fetched from archives. */
  Priors priors();

  /** Queries of others for what the service holds. */
  Query query();

  /** How a report becomes sentences. */
  Report report();

  /** Which images of a study are attributed. */
  Images images();

  /** Attribution methods. Steps, samples and learning rate apply to M2IB. */
  Attribution attribution();

  /** Checks of each map that need no ground truth. */
  Audit audit();

  /** Where report and image disagree. */
  Discordance discordance();

  /** The secondary captures. */
  Results results();

  /** Delivery of results. */
  Delivery delivery();

  /** The review application. */
  Review review();

  /** How persons judge sentences and maps. */
  Judging judging();

  /** DJL's PyTorch engine. */
  Engine engine();

  /** Whether a peer must show a certificate. */
  enum ClientAuth {
    NONE,
    REQUEST,
    REQUIRED
  }

  interface Model {
    /** Model folder, as for {@code m2ib.model}. */
    Path path();

    /**
     * Modalities (0008,0060) that the rule matches, separated by commas. Every attribute that a
     * rule names must match; a model whose rule names none takes no case until it is made the
     * default.
     */
    Optional<List<String>> modality();

    /**
     * Body parts examined (0018,0015) that the rule matches, separated by commas, for example
     * CHEST.
     */
    Optional<List<String>> bodyPart();

    /** Calling AE titles that the rule matches, separated by commas. */
    Optional<List<String>> sourceAe();

    /**
     * Report languages that the rule matches, as stated by the sender, separated by commas; {@code
     * de} matches {@code de-CH} too.
     */
    Optional<List<String>> language();

    /**
     * Whether to run in shadow: alongside the active model, on cases that match its rule (on all if
     * it names nothing), keeping only figures. Has no effect on the default model.
     */
    @WithDefault("false")
    boolean shadow();
  }

  interface Dicom {
    /**
     * Address that the DICOM listener binds to; 0.0.0.0 opens it to the network, IPv6 included
     * where the machine has it.
     */
    @WithDefault("127.0.0.1")
    String host();

    /** TCP port of the DICOM listener. */
    @WithDefault("11112")
    int port();

    /** AE title of the service: accepted as called title, and the calling title when it sends. */
    @WithDefault("M2IB")
    String aeTitle();

    /** Further called AE titles accepted on the same port, separated by commas. */
    Optional<List<String>> additionalAeTitles();

    /**
     * Who may open an association, separated by commas: {@code AET} from anywhere, {@code
     * AET@address} or {@code AET@address/prefix} from there only, {@code *@address} with any
     * calling AE title. Addresses are IPv4 or IPv6, not names. Absent: anyone.
     */
    Optional<List<String>> senders();

    /**
     * Addresses of other application entities, as {@code AET@host:port}, with {@code +tls} as for
     * archives, separated by commas: where C-MOVE sends to, and where a sender that asks for
     * storage commitment is answered after it has closed its association.
     */
    Optional<List<String>> peers();

    /**
     * Whether to refuse objects that would be attributed in transfer syntaxes that cannot be
     * decoded, so that a sender that can convert does. false: they are stored, and their case
     * fails.
     */
    @WithDefault("true")
    boolean refuseUndecoded();

    /** Programs that decode what no Java library does. */
    Decoders decoders();

    /** Largest PDU accepted, in bytes. */
    @WithDefault("65536")
    int maxPduLength();

    /** Maximum number of open associations; further ones are refused (temporary congestion). */
    @WithDefault("32")
    int maxAssociations();

    /**
     * An association is aborted after this long without data, and so is a connection whose
     * association is not requested or released in this time (ARTIM, PS3.8 9.1.5).
     */
    @WithDefault("1m")
    Duration idleTimeout();

    /**
     * Name of the TLS configuration, {@code quarkus.tls.NAME.*}, with which the listener accepts
     * associations, and no others; archives marked {@code +tls} are called with it too. See
     * operations.md. Absent: the listener speaks plain text.
     */
    Optional<String> tlsConfigurationName();

    /**
     * Whether senders must show a certificate of the trust store's: {@code required}; {@code
     * request}, they may; {@code none}.
     */
    @WithDefault("required")
    ClientAuth tlsClientAuth();
  }

  interface Decoders {
    /**
     * Whether to run {@code dcmdjpeg} (12-bit JPEG), {@code dcmdjpls}, {@code gdcmconv} (JPEG-LS)
     * and {@code ojph_expand} (High-Throughput JPEG 2000) where they are installed; see
     * decoders.md.
     */
    @WithDefault("true")
    boolean enabled();

    /** Folder that contains the programs. Absent: they are looked for on the PATH. */
    Optional<Path> folder();

    /** Time limit for one frame; then the image fails. */
    @WithDefault("30s")
    Duration timeLimit();

    /** Memory (address space) that one program may use, in MiB. */
    @WithDefault("2048")
    int memory();
  }

  interface Hl7 {
    /** Address that the MLLP listener binds to; 0.0.0.0 opens it to the network. */
    @WithDefault("127.0.0.1")
    String host();

    /** TCP port of the MLLP listener. */
    @WithDefault("2575")
    int port();

    /** Largest message or batch accepted, in bytes. */
    @WithDefault("4194304")
    int maxMessageBytes();

    /** Largest number of messages in one batch (BHS, FHS). */
    @WithDefault("1000")
    int maxBatchMessages();

    /** Maximum number of open connections; a further one closes the connection idle longest. */
    @WithDefault("64")
    int maxConnections();

    /** A connection is closed after this long without a message. */
    @WithDefault("10m")
    Duration idleTimeout();

    /**
     * Time limit for one message, from its first byte to its last; the connection is then closed.
     */
    @WithDefault("1m")
    Duration messageTimeout();

    /**
     * Name of the TLS configuration, {@code quarkus.tls.NAME.*}, with which the listener accepts
     * connections, and no others. Absent: it speaks plain text.
     */
    Optional<String> tlsConfigurationName();

    /** Whether senders must show a certificate, as for DICOM. */
    @WithDefault("required")
    ClientAuth tlsClientAuth();

    /** Sending facilities (MSH-4) that may send, separated by commas. Absent: any. */
    Optional<List<String>> sendingFacilities();

    /**
     * Assigning authorities (PID-3.4) whose patient identifier is compared with the image's, in
     * order of preference. Absent: the identifier of type MR, else the first.
     */
    Optional<List<String>> patientIdAuthorities();

    /**
     * Information systems that receive each case's results as an ORU^R01 message, as {@code
     * mllp://host:port}, separated by commas; see hl7.md. {@code mllp://host:port+tls} is called
     * with TLS, by {@code m2ib.hl7.tls-configuration-name}; {@code +tls=NAME} by another
     * configuration. {@code ?version=2.3} at the end asks for another version of HL7 than 2.5.1.
     */
    Optional<List<String>> destinations();

    /** Our own facility (MSH-4) in those messages. */
    Optional<String> facility();

    /** Receiving application (MSH-5) of those messages. */
    Optional<String> receivingApplication();

    /** Receiving facility (MSH-6) of those messages. */
    Optional<String> receivingFacility();

    /** Time limit for the connection, and for the acknowledgement. */
    @WithDefault("30s")
    Duration timeout();
  }

  interface Stow {
    /** Base URL of a DICOMweb archive, to which objects are stored by STOW-RS. Absent: none. */
    Optional<String> url();

    /** Bearer token sent with each request. */
    Optional<String> token();

    /** User name for HTTP Basic at that archive. */
    Optional<String> username();

    /** Password for HTTP Basic at that archive. */
    Optional<String> password();

    /**
     * Name of the TLS configuration, {@code quarkus.tls.NAME.*}. Absent: the certificate
     * authorities of the Java runtime, and no certificate of our own.
     */
    Optional<String> tlsConfigurationName();

    /**
     * Time limit for one request, of 32 MiB or one object, from the first byte sent to the last
     * byte of the answer. Those of the archives in {@code m2ib.routes} have it too.
     */
    @WithDefault("2m")
    Duration timeout();
  }

  /** FHIR releases that results can be sent in. */
  enum FhirRelease {
    R4,
    R5
  }

  interface Fhir {
    /**
     * Base URL of the FHIR server that receives the bundles. Absent: results are available only
     * from the service's own /fhir.
     */
    Optional<String> url();

    /** FHIR release that the server speaks: {@code R4} or {@code R5}. */
    @WithDefault("R4")
    FhirRelease release();

    /** Bearer token sent with each request. */
    Optional<String> token();

    /** User name for HTTP Basic at that server. */
    Optional<String> username();

    /** Password for HTTP Basic at that server. */
    Optional<String> password();

    /**
     * Client identifier for SMART Backend Services: access tokens by client credentials, with an
     * assertion signed by {@code client-key}. One of this, {@code token} and {@code username}.
     */
    Optional<String> clientId();

    /** File with the private key of that client, a JSON Web Key (RFC 7517) with {@code kid}. */
    Optional<Path> clientKey();

    /** Scopes to ask for, separated by spaces. */
    @WithDefault("system/*.cruds")
    String scope();

    /** Token endpoint. Absent: the one that the server's SMART configuration names. */
    Optional<String> tokenUrl();

    /**
     * Name of the TLS configuration, {@code quarkus.tls.NAME.*}, for that server and its token
     * endpoint. Absent: the certificate authorities of the Java runtime, and no certificate of our
     * own.
     */
    Optional<String> tlsConfigurationName();

    /**
     * Whether to look up the patient at that server, so that references name its Patient. Only one
     * active Patient with the very identifier, and a system, counts.
     */
    @WithDefault("true")
    boolean literalReferences();

    /**
     * Base of the canonical addresses of this project's own profiles and codes; see fhir/README.md.
     * Choose it before the first results are sent: it is part of every code.
     */
    @WithDefault("http://localhost:8080/fhir")
    String canonicalBase();

    /**
     * Whether what a model asserted has the security label AIAST. The code is newer than FHIR R4: a
     * server that validates labels without HL7 Terminology 6.0.0 may refuse it.
     */
    @WithDefault("true")
    boolean aiLabels();

    /** System of patient identifiers whose issuer is not an OID or URI. Absent: none. */
    Optional<String> patientIdSystem();

    /** The same for accession numbers. */
    Optional<String> accessionNumberSystem();

    /** System of the identifiers of reports. Absent: none. */
    Optional<String> reportIdSystem();

    /**
     * Base URL under which the archive offers the captures by DICOMweb, given in the ImagingStudy
     * of the captures. Absent: none.
     */
    Optional<String> dicomWebUrl();

    /** Time limit for one exchange, from the connection to the last byte of the answer. */
    @WithDefault("30s")
    Duration timeout();
  }

  interface Access {
    /**
     * Time after which a session of the pages ends even if it is used. Without use it ends after
     * {@code quarkus.http.auth.form.timeout} (30 minutes).
     */
    @WithDefault("12h")
    Duration sessionLimit();

    /** How long entries of the activity log are kept. */
    @WithDefault("1095d")
    Duration activityRetention();
  }

  interface Oidc {
    /**
     * Issuer (URL) of the OpenID provider at which people sign in. Its endpoints and keys come from
     * its discovery document. Needs {@code m2ib.public-url}. Absent: people sign in with a password
     * of this service.
     */
    Optional<String> issuer();

    /** This service's client id at the provider. */
    Optional<String> clientId();

    /** Secret of {@code client-id}. Absent: a public client, protected by PKCE alone. */
    Optional<String> clientSecret();

    /** Scopes that are asked for, separated by spaces. */
    @WithDefault("openid profile")
    String scope();

    /** Claim of the ID token with the sign-in name. */
    @WithDefault("preferred_username")
    String nameClaim();

    /**
     * Claim of the ID token with groups or roles; points lead into nested objects ({@code
     * realm_access.roles}).
     */
    @WithDefault("roles")
    String rolesClaim();

    /**
     * What values of that claim mean, each {@code VALUE=role}, separated by commas: {@code
     * radiologists=reviewer,it=administrator}. Absent: the values are the roles' own names. Who has
     * no role does not get in.
     */
    Optional<List<String>> roles();

    /** Whether {@code admin} can still sign in with the password, in case the provider fails. */
    @WithDefault("true")
    boolean localAdmin();
  }

  interface Launch {
    /**
     * Secret, at least 32 characters, with which other systems sign links that open a case. Absent:
     * no such links.
     */
    Optional<String> key();

    /** An electronic record that opens cases by SMART App Launch; see access.md. */
    Smart smart();
  }

  interface Smart {
    /**
     * Base URL of the record's FHIR server, which its launches name as {@code iss}; its
     * smart-configuration names the rest. Needs {@code m2ib.public-url}. Absent: no such launches.
     */
    Optional<String> fhirBase();

    /** This service's client id at the record. */
    Optional<String> clientId();

    /** Secret of {@code client-id}. Absent: a public client, protected by PKCE alone. */
    Optional<String> clientSecret();

    /** Scopes that are asked for, separated by spaces. */
    @WithDefault("launch patient/ImagingStudy.rs patient/Patient.rs")
    String scope();
  }

  interface Oauth {
    /**
     * Issuer (URL) of the OAuth 2 authorization server whose access tokens open {@code /fhir} and
     * {@code /api}, each as far as its scopes go. Its endpoints and keys come from its discovery
     * document. Absent: no token is accepted.
     */
    Optional<String> issuer();

    /**
     * Audiences of which a token must name one, separated by commas: usually the base URL of {@code
     * /fhir} as clients know it. Required if there is an issuer.
     */
    Optional<List<String>> audience();

    /**
     * This service's own client id at the authorization server, with which it asks about tokens
     * that are not JWTs (RFC 7662). Absent: only signed JWTs are accepted.
     */
    Optional<String> clientId();

    /** Secret of {@code client-id}. */
    Optional<String> clientSecret();
  }

  interface FhirApi {
    /** How long the files of a bulk export are kept after it was asked for. */
    @WithDefault("24h")
    Duration exportExpiry();

    /**
     * URLs below which subscriptions may have their endpoints, separated by commas, for example
     * {@code https://ris.example/hooks/}. Absent: no subscriptions.
     */
    Optional<List<String>> subscriptionEndpoints();
  }

  interface Study {
    /**
     * A study is complete when nothing has arrived for it for this long, or when the announced
     * number of instances is present, or all that a performed procedure step or an availability
     * notification names.
     */
    @WithDefault("30s")
    Duration quietPeriod();

    /**
     * A case whose study or report is still missing after this time becomes EXPIRED; a late arrival
     * revives it.
     */
    @WithDefault("30d")
    Duration expiry();

    /**
     * How long the numbers of an order (HL7 ORM, OMI, OMG) are used for pairing after it arrived.
     */
    @WithDefault("90d")
    Duration orderExpiry();
  }

  interface Retrieve {
    /**
     * Archives that are asked, in this order, for the study of a report that nobody has sent, as
     * {@code m2ib.archive}, separated by commas. Absent: none.
     */
    Optional<List<String>> from();

    /**
     * How a study is fetched: {@code get} (C-GET), or {@code move} (C-MOVE to {@code
     * m2ib.dicom.ae-title}, whose address the archive must know).
     */
    @WithDefault("get")
    String method();

    /** How long a report waits for its study before archives are asked. */
    @WithDefault("10m")
    Duration after();

    /** Most attempts for a report; each asks all archives until one has the study. */
    @WithDefault("8")
    int attempts();

    /** Pause after the first attempt; it doubles with each further one. */
    @WithDefault("2m")
    Duration firstPause();

    /** Longest pause between two attempts. */
    @WithDefault("2h")
    Duration longestPause();

    /** A study with more objects is not fetched. */
    @WithDefault("1000")
    int mostInstances();

    /** Time limit for fetching one study. */
    @WithDefault("30m")
    Duration timeout();
  }

  interface Priors {
    /** Most earlier studies that are fetched for a case. 0: none is looked for. */
    @WithDefault("0")
    int most();

    /**
     * Archives that are asked, in this order, as {@code m2ib.archive}, separated by commas. Absent:
     * those of {@code m2ib.retrieve.from}. How and how often is as in {@code m2ib.retrieve}.
     */
    Optional<List<String>> from();

    /** How long before the case's study an earlier one may be. */
    @WithDefault("1825d")
    Duration oldest();

    /**
     * Modalities (0008,0060) of which an earlier study must have one, separated by commas. Absent:
     * those of the case's own images.
     */
    Optional<List<String>> modalities();

    /**
     * Whether one of its series must have a body part examined (0018,0015) of the case's images.
     */
    @WithDefault("false")
    boolean sameBodyPart();

    /** An earlier study with more objects is not fetched. */
    @WithDefault("200")
    int mostInstances();

    /**
     * Most MiB of earlier studies for a case: no further object is taken by C-GET, and no further
     * study asked for by C-MOVE.
     */
    @WithDefault("1024")
    int mostMebibytes();
  }

  interface Query {
    /**
     * Calling AE titles that may query and retrieve what the service holds (C-FIND, C-MOVE, C-GET),
     * separated by commas. C-MOVE sends to {@code m2ib.dicom.peers} only. Absent: nobody.
     */
    Optional<List<String>> callers();

    /** A query with more matches is refused. */
    @WithDefault("500")
    int mostMatches();
  }

  interface Report {
    /** Sections whose sentences are attributed, by canonical name, separated by commas. */
    @WithDefault("findings,impression,conclusion")
    List<String> sections();

    /**
     * Additional headings, each as {@code HEADING=section}, separated by commas, for example {@code
     * BEFUND=findings}.
     */
    Optional<List<String>> headings();

    /**
     * Words in the title (0042,0010) or concept name (0040,A043) of encapsulated PDF and CDA
     * documents that are reports, separated by commas; {@code !} before a word marks documents that
     * are not, {@code *} reads every document. A document without a title is read too. Absent:
     * words for a report in several languages, and not {@code dose}, {@code consent} and the like.
     */
    Optional<List<String>> documentTitles();

    /**
     * Whether to split a sentence that is longer than the model's context at its clauses and
     * attribute each part separately. A negation at the beginning ({@code No effusion, ...}) then
     * applies to its own part only. Otherwise the model reads the beginning, and results list the
     * words that were cut.
     */
    @WithDefault("false")
    boolean split();
  }

  interface Images {
    /**
     * SOP classes (0008,0016) that are attributed. Default: computed and digital radiographs for
     * presentation, and secondary captures.
     */
    @WithDefault(
        "1.2.840.10008.5.1.4.1.1.1,1.2.840.10008.5.1.4.1.1.1.1,1.2.840.10008.5.1.4.1.1.7,1.2.840.10008.5.1.4.1.1.7.2,1.2.840.10008.5.1.4.1.1.7.3,1.2.840.10008.5.1.4.1.1.7.4")
    List<String> sopClasses();

    /** Modalities (0008,0060) that are attributed; an image without one is attributed too. */
    @WithDefault("DX,CR,RG,SC,OT")
    List<String> modalities();

    /** View positions (0018,5101) that are attributed; an image without one is attributed too. */
    @WithDefault("PA,AP,LL,RL,LATERAL,LAT")
    List<String> viewPositions();

    /**
     * Which frame of a multi-frame image to attribute: {@code first}, {@code middle}, or a number
     * counted from 1.
     */
    @WithDefault("first")
    String frame();

    /**
     * Which images of a CT, MR or PET series to attribute: {@code all}; {@code middle}; a number of
     * them, evenly spaced; {@code key}, those that a Key Object Selection of the study names (and
     * of a multi-frame image the frame it names), else the middle.
     */
    @WithDefault("all")
    String slices();

    /**
     * Values of ImageType (0008,0008), at any place, with which an image is not attributed,
     * separated by commas. Default: screen captures, dose reports, protocols and localizers.
     */
    @WithDefault("SCREEN SAVE,DOSE_INFO,CT_SOM5 PROT,LOCALIZER")
    List<String> excludedImageTypes();

    /**
     * Whether to leave out images that were made from another image after the examination, such as
     * other programs' results: ImageType {@code DERIVED\SECONDARY} with a SourceImageSequence
     * (0008,2112) that names more than a compressed predecessor.
     */
    @WithDefault("true")
    boolean excludeDerived();

    /**
     * Whether to leave out images with BurnedInAnnotation (0028,0301) YES. Otherwise they are
     * attributed, and the case's reason and every result say so.
     */
    @WithDefault("false")
    boolean excludeBurnedIn();
  }

  interface Attribution {
    /**
     * Method whose maps are delivered, as captures and Observations: {@code m2ib}, {@code
     * m2ib-contrast}, {@code nib}, {@code grad-eclip}, {@code grad-cam}, {@code
     * gradient-times-activation}, {@code chefer}, {@code legrad}, {@code clip-surgery}, {@code
     * rollout}, {@code saliency}, {@code smoothgrad}, {@code rise}, {@code kernel-shap}, {@code
     * occlusion}, or a baseline, {@code random} or {@code centre}.
     */
    @WithDefault("m2ib")
    String method();

    /**
     * Additional methods, separated by commas. Their maps of the same image and sentence are stored
     * for review and never delivered. Each adds its own run time. Existing results keep the methods
     * they were made with.
     */
    Optional<List<String>> additionalMethods();

    /**
     * Whether to store in addition, for every sentence and image, which word goes with which region
     * (second-order interactions, exCLIP), whatever the method: for the review page, {@code /api}
     * and FHIR. Results that were made without it stay without.
     */
    @WithDefault("false")
    boolean interactions();

    /**
     * Time limit for one case, without its pauses. After it, the case keeps the maps that it has,
     * and says so.
     */
    @WithDefault("1h")
    Duration timeLimit();

    /**
     * Encoder layer, counted from 0, whose output M2IB's bottleneck restricts; NIB and gradient
     * times activation use it too. At most the second to last. Absent: the model card's, else the
     * paper's 9.
     */
    OptionalInt layer();

    /**
     * Weight of the information that the bottleneck lets through relative to the fit; a higher
     * value discards more. Absent: the model card's, else the paper's 0.1.
     */
    OptionalDouble beta();

    /** Steps of the optimiser (Adam). Absent: the model card's, else the paper's 10. */
    OptionalInt steps();

    /** Noise samples per step. Absent: the paper's 10. */
    OptionalInt samples();

    /** Learning rate of Adam. Absent: the paper's 1. */
    OptionalDouble learningRate();

    /**
     * A sentence's optimisation stops early when a step changes its loss by less than this. Absent:
     * the paper's 0, which runs all steps.
     */
    OptionalDouble tolerance();

    /**
     * How the samples and steps of a sentence share noise: {@code independent}, each with its own;
     * {@code antithetic}, half of the samples with the negative of the others' noise, for an even
     * number of samples; {@code common}, the same in every step. Absent: the paper's {@code
     * independent}.
     */
    Optional<String> noise();

    /**
     * Seed of the counter-based noise of every method; the same seed gives the same map. Absent:
     * {@code m2ib}.
     */
    Optional<String> seed();
  }

  interface Audit {
    /**
     * Number of maps with different noise that each map is compared with, 0 to 10. Each takes about
     * as long as the map itself. Methods without noise skip this.
     */
    @WithDefault("1")
    int seeds();

    /**
     * Whether to compare each map with that of the sentence's contrary, which takes about as long
     * as the map itself.
     */
    @WithDefault("true")
    boolean negation();

    /**
     * Raises an alarm if more than this share of a map, 0 to 1, lies on burned-in text or markers.
     */
    @WithDefault("0.1")
    double shortcutShare();
  }

  /** Where report and image disagree. */
  interface Discordance {
    /**
     * Files with coefficients for models of your own, which {@code ./m2ib evaluate discordance
     * --fit FILE} wrote, separated by commas. Each names its model by hash; for the built-in model
     * they take the place of the program's. Without coefficients a model's discordances have no
     * score. Read at start.
     */
    Optional<List<Path>> coefficients();
  }

  interface Results {
    /** SeriesNumber (0020,0011) of the captures' series. */
    @WithDefault("9800")
    int seriesNumber();

    /** Longest side of a capture's picture, in pixels; larger images are reduced. */
    @WithDefault("2048")
    int longSide();

    /**
     * Whether to create one capture per image with one frame per sentence (Multi-frame True Color
     * Secondary Capture), instead of one capture per sentence.
     */
    @WithDefault("false")
    boolean multiFrame();
  }

  /** The review application. */
  interface Review {
    /**
     * Address of a DICOM viewer in which the case page opens the study, with {studyInstanceUid} in
     * the place of its UID; for OHIF {@code https://viewer.example/viewer?StudyInstanceUIDs=} and
     * that. Absent: no link.
     */
    Optional<String> viewerUrl();
  }

  /** How persons judge sentences and maps. */
  interface Judging {
    /**
     * File with the site's own schemes of judging, in addition to the built-in {@code standard},
     * {@code radpeer} and {@code peer-learning}; see judging.md. Read at start.
     */
    Optional<Path> schemes();

    /** Code of the scheme that is asked unless another is chosen. */
    @WithDefault("standard")
    String scheme();

    /**
     * How many persons judge each sentence. With 2 or more, nobody sees what another has said until
     * all have judged; then an arbiter decides where they differ.
     */
    @WithDefault("1")
    int readers();

    /**
     * Users who write reports, by sign-in name: the numbers and names under which reports have them
     * (OBR-32, DiagnosticReport.resultsInterpreter and performer, verifying observer), separated by
     * commas, for example {@code m2ib.judging.authors.ada=1234,LOVELACE^ADA}. Nobody judges their
     * own report. Of a report without a known author that is unknown.
     */
    Map<String, List<String>> authors();

    /** Whether the review page asks for an answer before it shows the map; both are kept. */
    @WithDefault("false")
    boolean answerBeforeMap();
  }

  interface Delivery {
    /**
     * DICOM objects that the archives receive, separated by commas: {@code secondary-capture},
     * {@code parametric-map}, {@code segmentation}, {@code presentation-state}, {@code
     * structured-report}, {@code key-object-selection}, {@code encapsulated-pdf}. See
     * conformance.md.
     */
    @WithDefault("secondary-capture")
    List<String> objects();

    /**
     * AE titles of archives that are asked for storage commitment, separated by commas. What is
     * sent to them counts as delivered when they have committed to it, not when they have received
     * it.
     */
    Optional<List<String>> commitment();

    /** How long to wait for an archive's storage commitment before asking again. */
    @WithDefault("10m")
    Duration commitmentTimeout();

    /**
     * Attempts before a delivery becomes a dead letter. With the default pauses, 75 attempts take
     * about three days, enough for a destination that is down over a weekend.
     */
    @WithDefault("75")
    int attempts();

    /**
     * Pause after the first failed attempt; it doubles with each further one. Each pause is
     * randomly extended by up to a fifth, so that deliveries that failed together are not retried
     * together.
     */
    @WithDefault("5s")
    Duration firstPause();

    /**
     * Longest pause between two attempts. A FHIR server's Retry-After may extend it to one hour, or
     * to this value if that is longer.
     */
    @WithDefault("1h")
    Duration longestPause();
  }

  interface Engine {
    /**
     * Folder to which the engine unpacks its native libraries. Absent: DJL_CACHE_DIR, else .djl.ai
     * in the home folder, else the temporary folder.
     */
    Optional<Path> cacheDir();

    /**
     * Device that runs the model: {@code cpu}; {@code gpu} or {@code cuda}, optionally with an
     * index from 0; {@code auto} for the first GPU if there is one, else the CPU. A GPU needs a
     * build with CUDA, see operations.md.
     */
    @WithDefault("cpu")
    String device();

    /** Threads of one tensor operation; 0 means one per processor. */
    @WithDefault("0")
    int threads();

    /**
     * Engine memory for the sentences of one image, in MiB. It determines how many sentences run as
     * one batch, at least one.
     */
    @WithDefault("512")
    long memory();

    /**
     * Maximum number of images of a study whose sentences share a batch, where {@code memory} has
     * room for more than one image's. More than 1 is faster on a GPU, and changes the last digits
     * of maps as another batch size does; the decoded pixels of that many are kept in Java's
     * memory. See performance.md.
     */
    @WithDefault("1")
    int images();

    /**
     * Precision of the matrix products in the bottleneck's loop: {@code float32}; {@code bfloat16},
     * which is faster on some processors and GPUs and changes maps slightly; {@code auto} for
     * bfloat16 if it is at least 1.2 times as fast, measured on this machine when a model is
     * loaded. All other computations are in float32. See performance.md.
     */
    @WithDefault("float32")
    String precision();

    /** Number of cases attributed at the same time. */
    @WithDefault("1")
    int workers();
  }
}
