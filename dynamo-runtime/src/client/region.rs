use std::fmt;

use super::environment::{Environment, ProcessEnvironment};
use super::error::BuildError;

/// An AWS region from the table of those that are known.
///
/// A name is never turned into a host unless it is in the table, so a region cannot redirect the client.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region {
    name: &'static str,
    partition: AwsPartition,
}

/// What decides a region's DNS suffix and the roots that its certificates chain to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum AwsPartition {
    Aws,
    AwsUsGov,
    AwsCn,
    AwsIso,
    AwsIsoB,
    AwsIsoE,
    AwsIsoF,
    AwsEusc,
}

impl AwsPartition {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsCn => "aws-cn",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
            Self::AwsEusc => "aws-eusc",
        }
    }

    pub(super) fn dns_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::AwsUsGov => "amazonaws.com",
            Self::AwsCn => "amazonaws.com.cn",
            Self::AwsIso => "c2s.ic.gov",
            Self::AwsIsoB => "sc2s.sgov.gov",
            Self::AwsIsoE => "cloud.adc-e.uk",
            Self::AwsIsoF => "csp.hci.ic.gov",
            Self::AwsEusc => "amazonaws.eu",
        }
    }

    pub(super) fn dual_stack_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::AwsUsGov => "api.aws",
            Self::AwsCn => "api.amazonwebservices.com.cn",
            Self::AwsIso => "api.aws.ic.gov",
            Self::AwsIsoB => "api.aws.scloud",
            Self::AwsIsoE => "api.cloud-aws.adc-e.uk",
            Self::AwsIsoF => "api.aws.hci.ic.gov",
            Self::AwsEusc => "api.amazonwebservices.eu",
        }
    }

    /// The partition that a region belongs to by the first parts of its name.
    fn of_name(name: &str) -> Option<Self> {
        let (first, second) = name.split_once('-')?;
        let second = second.split('-').next()?;
        match (first, second) {
            ("us", "gov") => Some(Self::AwsUsGov),
            ("us", "iso") => Some(Self::AwsIso),
            ("us", "isob") => Some(Self::AwsIsoB),
            ("us", "isof") => Some(Self::AwsIsoF),
            ("eu", "isoe") => Some(Self::AwsIsoE),
            ("eusc", _) => Some(Self::AwsEusc),
            ("cn", _) => Some(Self::AwsCn),
            ("us" | "eu" | "ap" | "sa" | "ca" | "me" | "af" | "il" | "mx", _) => Some(Self::Aws),
            _ => None,
        }
    }

    pub(super) fn is_trusted_by_amazon_roots(self) -> bool {
        matches!(self, Self::Aws | Self::AwsUsGov)
    }
}

macro_rules! regions {
    ($($constant:ident = $name:literal in $partition:ident;)+) => {
        impl Region {
            $(
                #[doc = concat!("The region `", $name, "`.")]
                pub const $constant: Self = Self { name: $name, partition: AwsPartition::$partition };
            )+

            const KNOWN: &[Self] = &[$(Self::$constant),+];
        }
    };
}

regions! {
    AF_SOUTH_1 = "af-south-1" in Aws;
    AP_EAST_1 = "ap-east-1" in Aws;
    AP_EAST_2 = "ap-east-2" in Aws;
    AP_NORTHEAST_1 = "ap-northeast-1" in Aws;
    AP_NORTHEAST_2 = "ap-northeast-2" in Aws;
    AP_NORTHEAST_3 = "ap-northeast-3" in Aws;
    AP_SOUTH_1 = "ap-south-1" in Aws;
    AP_SOUTH_2 = "ap-south-2" in Aws;
    AP_SOUTHEAST_1 = "ap-southeast-1" in Aws;
    AP_SOUTHEAST_2 = "ap-southeast-2" in Aws;
    AP_SOUTHEAST_3 = "ap-southeast-3" in Aws;
    AP_SOUTHEAST_4 = "ap-southeast-4" in Aws;
    AP_SOUTHEAST_5 = "ap-southeast-5" in Aws;
    AP_SOUTHEAST_6 = "ap-southeast-6" in Aws;
    AP_SOUTHEAST_7 = "ap-southeast-7" in Aws;
    CA_CENTRAL_1 = "ca-central-1" in Aws;
    CA_WEST_1 = "ca-west-1" in Aws;
    EU_CENTRAL_1 = "eu-central-1" in Aws;
    EU_CENTRAL_2 = "eu-central-2" in Aws;
    EU_NORTH_1 = "eu-north-1" in Aws;
    EU_SOUTH_1 = "eu-south-1" in Aws;
    EU_SOUTH_2 = "eu-south-2" in Aws;
    EU_WEST_1 = "eu-west-1" in Aws;
    EU_WEST_2 = "eu-west-2" in Aws;
    EU_WEST_3 = "eu-west-3" in Aws;
    IL_CENTRAL_1 = "il-central-1" in Aws;
    ME_CENTRAL_1 = "me-central-1" in Aws;
    ME_SOUTH_1 = "me-south-1" in Aws;
    MX_CENTRAL_1 = "mx-central-1" in Aws;
    SA_EAST_1 = "sa-east-1" in Aws;
    US_EAST_1 = "us-east-1" in Aws;
    US_EAST_2 = "us-east-2" in Aws;
    US_WEST_1 = "us-west-1" in Aws;
    US_WEST_2 = "us-west-2" in Aws;
    US_GOV_EAST_1 = "us-gov-east-1" in AwsUsGov;
    US_GOV_WEST_1 = "us-gov-west-1" in AwsUsGov;
    CN_NORTH_1 = "cn-north-1" in AwsCn;
    CN_NORTHWEST_1 = "cn-northwest-1" in AwsCn;
    US_ISO_EAST_1 = "us-iso-east-1" in AwsIso;
    US_ISO_WEST_1 = "us-iso-west-1" in AwsIso;
    US_ISOB_EAST_1 = "us-isob-east-1" in AwsIsoB;
    US_ISOB_WEST_1 = "us-isob-west-1" in AwsIsoB;
    EU_ISOE_WEST_1 = "eu-isoe-west-1" in AwsIsoE;
    US_ISOF_EAST_1 = "us-isof-east-1" in AwsIsoF;
    US_ISOF_SOUTH_1 = "us-isof-south-1" in AwsIsoF;
    EUSC_DE_EAST_1 = "eusc-de-east-1" in AwsEusc;
}

impl Region {
    /// The region of that name, such as `eu-central-1`.
    ///
    /// # Errors
    /// The name does not look like a region's, or no region of that name is known.
    ///
    /// ```
    /// # use dynamo_runtime::Region;
    /// assert_eq!(Region::parse("eu-central-1")?, Region::EU_CENTRAL_1);
    /// assert!(Region::parse("local").is_err());
    /// # Ok::<(), dynamo_runtime::client::BuildError>(())
    /// ```
    pub fn parse(name: &str) -> Result<Self, BuildError> {
        if !looks_like_a_region(name) {
            return Err(BuildError::invalid(
                "AWS region",
                name,
                "a region is lower-case letters and digits in parts joined by `-`, such as `eu-central-1`",
            ));
        }
        Self::KNOWN.iter().copied().find(|region| region.name == name).ok_or_else(|| {
            BuildError::invalid("AWS region", name, "no region of this name is known")
        })
    }

    /// A region that is newer than this version of the crate: named in code, never by a run-time string.
    ///
    /// Its partition follows from its name, by the pattern that AWS publishes for each.
    ///
    /// # Errors
    /// The name does not look like a region's of any partition.
    ///
    /// ```
    /// # use dynamo_runtime::Region;
    /// assert_eq!(Region::unlisted("ap-southeast-9")?.name(), "ap-southeast-9");
    /// assert!(Region::unlisted("evil.us-east-1").is_err());
    /// # Ok::<(), dynamo_runtime::client::BuildError>(())
    /// ```
    pub fn unlisted(name: &'static str) -> Result<Self, BuildError> {
        let partition = AwsPartition::of_name(name).filter(|_| looks_like_a_region(name));
        let partition = partition.ok_or_else(|| {
            BuildError::invalid("AWS region", name, "it fits the pattern of no partition")
        })?;
        Ok(Self { name, partition })
    }

    /// The regions that this version of the crate knows.
    ///
    /// ```
    /// use dynamo_runtime::Region;
    ///
    /// assert!(Region::known().any(|region| region == Region::EU_CENTRAL_1));
    /// ```
    pub fn known() -> impl Iterator<Item = Self> {
        Self::KNOWN.iter().copied()
    }

    /// The region named by the environment variable `AWS_REGION`, or else by `AWS_DEFAULT_REGION`.
    ///
    /// ```
    /// use dynamo_runtime::Region;
    ///
    /// let region = Region::from_env().unwrap_or(Region::EU_CENTRAL_1);
    /// assert!(Region::known().any(|known| known == region));
    /// ```
    ///
    /// # Errors
    /// Neither variable is set, or its value is not a known region.
    pub fn from_env() -> Result<Self, BuildError> {
        Self::from_environment(&ProcessEnvironment)
    }

    /// The region named by an environment variable of your own, such as `DYNAMO_REGION`.
    ///
    /// ```
    /// use dynamo_runtime::Region;
    ///
    /// let error = Region::from_variable("NO_SUCH_REGION").unwrap_err();
    /// assert!(error.is_missing_variable());
    /// ```
    ///
    /// # Errors
    /// The variable is not set, or its value is not a known region.
    pub fn from_variable(variable: &str) -> Result<Self, BuildError> {
        match ProcessEnvironment.variable(variable) {
            Some(name) => Self::parse(&name),
            None => Err(BuildError::missing(variable)),
        }
    }

    fn from_environment(environment: &dyn Environment) -> Result<Self, BuildError> {
        let name = environment
            .variable("AWS_REGION")
            .or_else(|| environment.variable("AWS_DEFAULT_REGION"))
            .ok_or_else(|| BuildError::missing("AWS_REGION"))?;
        Self::parse(&name)
    }

    /// The region's name, such as `eu-central-1`.
    ///
    /// ```
    /// use dynamo_runtime::Region;
    ///
    /// assert_eq!(Region::EU_CENTRAL_1.name(), "eu-central-1");
    /// ```
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether an account has a host of its own here; of most partitions the SDK's rules name the regions.
    pub(super) fn has_account_endpoints(self) -> bool {
        match self.partition {
            AwsPartition::Aws => true,
            AwsPartition::AwsUsGov | AwsPartition::AwsCn => Self::KNOWN.contains(&self),
            _ => false,
        }
    }

    pub(super) fn partition(self) -> AwsPartition {
        self.partition
    }
}

/// Three or more parts of lower-case letters, the last one a digit.
fn looks_like_a_region(name: &str) -> bool {
    let mut parts = name.split('-').rev();
    let number = parts.next().unwrap_or_default();
    let words = parts.clone().count();
    number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && (2..=3).contains(&words)
        && parts.all(|word| {
            (2..=9).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
        })
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({})", self.name)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ambient::tests::Fake;
    use super::*;

    #[test]
    fn every_known_region_parses_to_itself() {
        for region in Region::KNOWN {
            assert_eq!(Region::parse(region.name).unwrap(), *region);
        }
    }

    #[test]
    fn an_error_tells_a_name_of_another_form_from_one_that_is_not_known() {
        let told = |name| Region::parse(name).unwrap_err().to_string();
        assert!(told("eu-CENTRAL-1").contains("lower-case letters and digits"));
        assert!(told("us-evil-1").contains("no region of this name is known"));
    }

    #[test]
    fn the_partition_follows_from_the_name() {
        for region in Region::known() {
            assert_eq!(Region::unlisted(region.name).unwrap(), region);
        }
        for name in [
            "local",
            "xx-east-1",
            "us-evil.example-1",
            "us-ev.il-1",
            "us-EAST-1",
            "us-e4st-1",
            "us-e-1",
            "us--1",
            "us-southeaste-1",
            "us-gov-east-west-1",
            "us-east-10",
            "us-east-a",
            "us-1",
            "eusc-1",
            "",
        ] {
            assert!(Region::unlisted(name).is_err(), "{name:?} was accepted");
        }
    }

    #[test]
    fn each_partition_has_the_name_that_aws_gives_it() {
        for (region, name) in [
            (Region::US_EAST_1, "aws"),
            (Region::US_GOV_EAST_1, "aws-us-gov"),
            (Region::CN_NORTH_1, "aws-cn"),
            (Region::US_ISO_EAST_1, "aws-iso"),
            (Region::US_ISOB_EAST_1, "aws-iso-b"),
            (Region::EU_ISOE_WEST_1, "aws-iso-e"),
            (Region::US_ISOF_EAST_1, "aws-iso-f"),
            (Region::EUSC_DE_EAST_1, "aws-eusc"),
        ] {
            assert_eq!(region.partition().name(), name);
        }
    }

    #[test]
    fn a_variable_of_the_process_is_read_by_name() {
        let absent = Region::from_variable("DYNAMO_NO_SUCH_VARIABLE").unwrap_err();
        assert_eq!(absent.variable(), Some("DYNAMO_NO_SUCH_VARIABLE"));
        assert!(!Region::from_variable("PATH").unwrap_err().is_missing_variable());
        let told = |region: Result<Region, BuildError>| region.map_err(|error| error.to_string());
        let expected = Region::from_environment(&ProcessEnvironment);
        assert_eq!(told(Region::from_env()), told(expected));
    }

    #[test]
    fn hosts_and_oddities_are_no_regions() {
        let refused = [
            "",
            "local",
            "localhost",
            "s3",
            "us-east-1 ",
            " us-east-1",
            "US-EAST-1",
            "us_east_1",
            "us-east-99",
            "us-east-9",
            "evil.execute-api.us-east-1",
            "us-east-1.evil.example",
            "us-east-1\n",
            "us-east-1\0",
            "us-east-１",
            "us-eаst-1",
            "us-east-1/",
            "us-east-1#",
            "user@us-east-1",
            "us--east-1",
            "-us-east-1",
            "us-east-1-",
        ];
        for name in refused {
            assert!(Region::parse(name).is_err(), "{name:?} was accepted");
        }
    }

    #[test]
    fn the_environment_is_read_in_order() {
        let both = Fake::new([("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "us-east-1")]);
        assert_eq!(Region::from_environment(&both).unwrap(), Region::EU_WEST_1);
        let second = Fake::new([("AWS_DEFAULT_REGION", "us-east-1")]);
        assert_eq!(Region::from_environment(&second).unwrap(), Region::US_EAST_1);
        let none = Region::from_environment(&Fake::default()).unwrap_err();
        assert!(none.is_missing_variable());
        let empty = Fake::new([("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "us-east-1")]);
        assert!(Region::from_environment(&empty).is_err(), "an empty region fell through");
    }
}
