"""Parameters of constraints and objectives: their types, which bring unit, bounds and references."""

from typing import Annotated, Literal

from pydantic import Field

Metres = Annotated[int, Field(strict=True, ge=0, le=10**9, description="m")]
Count = Annotated[int, Field(strict=True, ge=0, le=10**9, description="count")]
Percent = Annotated[int, Field(strict=True, ge=0, le=10**4, description="%")]
Cases = Annotated[int, Field(strict=True, ge=0, le=10**9, description="cases")]
Residents = Annotated[int, Field(strict=True, ge=0, le=10**9, description="residents")]
Persons = Annotated[int, Field(strict=True, ge=0, le=10**6, description="persons")]
Yen = Annotated[int, Field(strict=True, ge=0, le=10**13, description="yen")]
Group = Annotated[
    Literal["cases", "residents", "residents65", "residents75"], Field(description="group")
]
People = Annotated[Literal["residents", "residents65", "residents75"], Field(description="group")]
YesNo = Annotated[bool, Field(strict=True, description="true or false")]
DistrictIds = Annotated[tuple[str, ...], Field(description="district ids")]
EntryIds = Annotated[tuple[str, ...], Field(description="constraint ids")]
PointIds = Annotated[tuple[str, ...], Field(description="point ids")]
KindIds = Annotated[tuple[str, ...], Field(description="kinds of point")]
ModeIds = Annotated[tuple[str, ...], Field(description="modes")]
ServiceIds = Annotated[tuple[str, ...], Field(description="services")]
ServiceId = Annotated[str, Field(min_length=1, description="service")]
PointId = Annotated[str, Field(min_length=1, description="point id")]
WardId = Annotated[str, Field(min_length=1, description="ward")]
KindId = Annotated[str, Field(description="kind of point")]
Period = Annotated[int, Field(strict=True, description="period")]

REFERENCES = {
    "district ids": "district",
    "constraint ids": "entry",
    "point ids": "point",
    "kinds of point": "kind",
    "modes": "mode",
    "services": "service",
    "service": "service",
    "period": "period",
    "point id": "point",
    "ward": "ward",
    "kind of point": "kind",
}
