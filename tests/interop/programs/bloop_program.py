import boto3
import bloop

from program import INSTANT, TABLE, serve


class User(bloop.BaseModel):
    class Meta:
        table_name = TABLE

    id = bloop.Column(bloop.String, hash_key=True)
    name = bloop.Column(bloop.String)
    at = bloop.Column(bloop.DateTime)
    seconds = bloop.Column(bloop.Timestamp)
    token = bloop.Column(bloop.UUID)
    count = bloop.Column(bloop.Integer)
    raw = bloop.Column(bloop.Binary)
    tags = bloop.Column(bloop.Set(bloop.String))
    lines = bloop.Column(bloop.List(bloop.String))
    active = bloop.Column(bloop.Boolean)


engine = bloop.Engine(dynamodb=boto3.client("dynamodb"))
engine.bind(User, skip_table_setup=True)


def load(id):
    user = User(id=id)
    engine.load(user, consistent=True)
    return user


def write(id):
    from uuid import UUID
    engine.save(User(
        id=id, name="Ann", at=INSTANT, seconds=INSTANT, token=UUID("67e55044-10b1-426f-9247-bb680e5fe0c8"), count=7,
        raw=b"hi", tags={"a", "b"}, lines=["a", "", "b"], active=True,
    ), condition=User.id.is_(None))


def read(id):
    user = load(id)
    return {column.name: getattr(user, column.name, None) for column in User.Meta.columns}


def change(of):
    """Renames it, if it has the count."""
    user = load(of["id"])
    user.name = "Eve"
    engine.save(user, condition=User.count == of["count"])


serve(write=write, read=read, change=change)
