from datetime import timedelta

from pynamodb import attributes as of
from pynamodb.models import Model
from pynamodb_attributes import TimestampAttribute, TimestampMsAttribute, UnicodeDatetimeAttribute

from program import ENDPOINT, INSTANT, REGION, TABLE, serve


class Place(of.MapAttribute):
    city = of.UnicodeAttribute()
    since = of.UTCDateTimeAttribute(null=True)


class User(Model):
    class Meta:
        table_name, host, region = TABLE, ENDPOINT, REGION

    pk = of.UnicodeAttribute(hash_key=True)
    kind = of.DiscriminatorAttribute()
    name = of.UnicodeAttribute()
    at = of.UTCDateTimeAttribute()
    seconds = TimestampAttribute()
    millis = TimestampMsAttribute()
    text = UnicodeDatetimeAttribute()
    ttl = of.TTLAttribute(null=True)
    settings = of.JSONAttribute()
    raw = of.BinaryAttribute(legacy_encoding=False)
    old_raw = of.BinaryAttribute(legacy_encoding=True)
    tags = of.UnicodeSetAttribute(null=True)
    place = Place()
    version = of.VersionAttribute()


class Member(User, discriminator="Member"):
    pass


kept = {}


def write(id):
    Member(
        id, name="Ann", at=INSTANT, seconds=INSTANT, millis=INSTANT, text=INSTANT, ttl=timedelta(hours=1), settings={"a": 1},
        raw=b"hi", old_raw=b"hi", tags={"a", "b"}, place=Place(city="Rome", since=INSTANT),
    ).save()


def read(id):
    user = User.get(id, consistent_read=True)
    found = {name: getattr(user, name) for name in User.get_attributes() if name != "kind"}
    found["place"] = {"city": user.place.city, "since": user.place.since}
    return {**found, "class": type(user).__name__, "ttl": user.ttl is not None}


def change(id):
    user = User.get(id, consistent_read=True)
    user.name = "Eve"
    user.save()


def keep(id):
    kept[id] = User.get(id, consistent_read=True)


serve(write=write, read=read, change=change, keep=keep, write_kept=lambda id: kept[id].save() and None,
      remove=lambda id: User.get(id).delete() and None)
