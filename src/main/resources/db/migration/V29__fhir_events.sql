-- Events stay for $events after a subscription has been notified of them.
alter table fhir_subscription add column notified bigint default 0 not null;
update fhir_subscription set notified = coalesce(
  (select min(e.number) - 1 from fhir_event e where e.subscription_id = fhir_subscription.id),
  events);
